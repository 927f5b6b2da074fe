"""What Schemathesis is told about the server: how to log in, ids that exist, and the few findings that are none.

Each finding that is dropped here is judged again by a rule that is as strict as can be, and says why it is none.
"""

import itertools
import os
import random
import re
from collections import defaultdict, deque

import jsonschema_rs
import requests
import schemathesis
from schemathesis.core.failures import AcceptedNegativeData, ServerError
from schemathesis.openapi.checks import (
    AllowHeaderMismatch,
    RejectedPositiveData,
    UnsupportedMethodResponse,
)

URL = os.environ["CONTENTLIB_URL"]
TOKEN = os.environ["CONTENTLIB_TOKEN"]
CERTIFICATE = os.environ["CONTENTLIB_CERTIFICATE"]
SESSION = "vmware-api-session-id"
TIMEOUT_S = 30


def log_in():
    answer = requests.post(
        f"{URL}/api/session", headers={"Authorization": f"Bearer {TOKEN}"}, timeout=TIMEOUT_S
    )
    answer.raise_for_status()
    return answer.json()


def operation_id(operation):
    return operation.definition.raw["operationId"]


@schemathesis.auth(refresh_interval=None)
class Login:
    """One login for all calls, save those that end it."""

    shared = None

    def get(self, case, context):
        if operation_id(case.operation) == "login.create":
            return "Authorization", f"Bearer {TOKEN}"
        if operation_id(case.operation) == "login.delete":
            return SESSION, log_in()
        return SESSION, Login.of_all()

    @staticmethod
    def of_all():
        if Login.shared is None:
            Login.shared = log_in()
        return Login.shared

    def set(self, case, data, context):
        name, value = data
        case.headers[name] = value


# Ids that exist: with made-up ones alone, most calls would end at "not found".

KINDS = {
    "library_id": "library",
    "library_item_id": "item",
    "source_library_item_id": "item",
    "update_session_id": "update_session",
    "download_session_id": "download_session",
    "subscription": "subscription",
    "file_name": "file",
    "cert_text": "certificate_text",
}
# Parameters whose names mean something else within a body.
PARAMETER_KINDS = KINDS | {
    "library": "library",
    "library_item": "item",
    "certificate": "certificate",
    "name": "file",
}
LIBRARIES_OF = {
    "subscribedLibrary": "subscribed_library",
    "subscription": "published_library",
}
MADE_BY = {
    "localLibrary.create": "library",
    "subscribedLibrary.create": "subscribed_library",
    "item.create": "item",
    "item.copy": "item",
    "updateSession.create": "update_session",
    "downloadSession.create": "download_session",
    "subscription.create": "subscription",
    "trustedCertificate.create": "certificate",
}
# The last word of the operations after which an object is gone, or is a session that has ended.
ENDINGS = (".delete", ".cancel", ".complete", ".fail")
FILE = "disk.iso"
KNOWN_MAX = 12
KNOWN_SHARE = 0.7
known = defaultdict(lambda: deque(maxlen=KNOWN_MAX))
known["file"].append(FILE)
known["certificate_text"].append(CERTIFICATE)
dice = random.Random(1)
numbers = itertools.count()


def kinds_in(operation, kinds):
    """What is meant by the names of parameters, some of which are more particular in some services."""
    service = operation_id(operation).split(".")[0]
    library = LIBRARIES_OF.get(service, "library")
    return {name: library if kind == "library" else kind for name, kind in kinds.items()}


def with_known_ids(value, kinds):
    """The same data, with ids that exist in most of the places that hold one."""
    if isinstance(value, list):
        return [with_known_ids(element, kinds) for element in value]
    if not isinstance(value, dict):
        return value
    return {name: known_or(name, member, kinds) for name, member in value.items()}


def known_or(name, member, kinds):
    ids = known.get(kinds.get(name))
    if ids and isinstance(member, str) and dice.random() < KNOWN_SHARE:
        return dice.choice(ids)
    return with_known_ids(member, kinds)


@schemathesis.hook
def map_path_parameters(context, path_parameters):
    return with_known_ids(path_parameters, kinds_in(context.operation, PARAMETER_KINDS))


@schemathesis.hook
def map_query(context, query):
    return with_known_ids(query, kinds_in(context.operation, PARAMETER_KINDS))


@schemathesis.hook
def map_body(context, body):
    return with_known_ids(body, kinds_in(context.operation, KINDS))


# Whoever takes away his own rights learns nothing more: these ids are of the login that all calls are made with.
NOBODY = "00000000-0000-4000-8000-000000000000"
RISKY = ("user.update", "user.delete", "token.delete", "grant.create", "grant.delete")


def own_ids():
    me = ask("contentlib/whoami")
    grants = ask(f"contentlib/grants?user={me['user']}")
    names = (me["user"], f"{me['user']}@vsphere.local", f"vsphere.local\\{me['user']}")
    return {*names, me["user_id"], me["token_id"], *(grant["grant_id"] for grant in grants)}


def ask(path):
    answer = requests.get(
        f"{URL}/api/{path}", headers={SESSION: Login.of_all()}, timeout=TIMEOUT_S
    )
    answer.raise_for_status()
    return answer.json()


def without_own(value):
    if isinstance(value, dict):
        return {name: without_own(member) for name, member in value.items()}
    return NOBODY if isinstance(value, str) and value.lower() in OWN_IDS else value


OWN_IDS = own_ids()


@schemathesis.hook
def before_call(context, case, kwargs):
    if operation_id(case.operation) not in RISKY:
        return
    # What is set counts as made by hand, and is judged anew; so only what changes is set.
    for part in ("path_parameters", "body"):
        given = getattr(case, part)
        harmless = without_own(given)
        if harmless != given:
            setattr(case, part, harmless)


@schemathesis.hook
def after_call(context, case, response):
    if response.status_code not in (200, 201, 204):
        return
    operation = operation_id(case.operation)
    kind = MADE_BY.get(operation)
    if kind is not None:
        answer = response.json()
        known[kind].append(answer["value"] if isinstance(answer, dict) else answer)
    elif operation.endswith(ENDINGS):
        replace(case.path_parameters.values())


def replace(ids):
    """What was deleted or has ended serves no further call, so others take its place."""
    for kind, make_more in MAKERS.items():
        gone = [one for one in ids if one in known[kind]]
        for one in gone:
            known[kind].remove(one)
        if gone:
            make_more()


def make(path, body):
    answer = requests.post(
        f"{URL}/api/content/{path}",
        headers={SESSION: Login.of_all()},
        json=body,
        timeout=TIMEOUT_S,
    )
    answer.raise_for_status()
    return answer.json() if answer.content else None


def fresh_name():
    return f"images {next(numbers)}"


def make_local():
    """A library, an item with a file and a session of each kind on it, and an item without either."""
    library = make("local-library", {"name": fresh_name()})
    plain = make("library/item", {"library_id": library, "name": "plain"})
    item = make("library/item", {"library_id": library, "name": "debian"})
    upload(item)
    update = make("library/item/update-session", {"library_item_id": item})
    make(f"library/item/update-session/{update}/file", {"name": FILE, "source_type": "PUSH"})
    download = make("library/item/download-session", {"library_item_id": item})
    known["library"].append(library)
    known["item"].extend((plain, item))
    known["update_session"].append(update)
    known["download_session"].append(download)


def upload(item):
    session = make("library/item/update-session", {"library_item_id": item})
    path = f"library/item/update-session/{session}"
    file = make(f"{path}/file", {"name": FILE, "source_type": "PUSH"})
    sent = requests.put(file["upload_endpoint"]["uri"], data=b"bytes", timeout=TIMEOUT_S)
    sent.raise_for_status()
    make(f"{path}?action=complete", {})


def make_published():
    """A library that is published, with somebody who subscribes to it."""
    published = {
        "published": True,
        "authentication_method": "NONE",
        "persist_json_enabled": False,
    }
    library = make("local-library", {"name": fresh_name(), "publish_info": published})
    subscriber = {
        "target": "CREATE_NEW",
        "location": "LOCAL",
        "new_subscribed_library": {
            "name": fresh_name(),
            "automatic_sync_enabled": False,
            "on_demand": True,
            "storage_backings": [{"type": "OTHER"}],
        },
    }
    path = f"library/{library}/subscriptions"
    known["subscription"].append(make(path, {"subscribed_library": subscriber}))
    known["published_library"].append(library)
    known["library"].append(library)


def make_subscribed():
    subscription = {
        "authentication_method": "NONE",
        "automatic_sync_enabled": False,
        "on_demand": True,
        "subscription_url": "https://elsewhere.example/lib.json",
    }
    body = {"name": fresh_name(), "subscription_info": subscription}
    known["subscribed_library"].append(make("subscribed-library", body))


def make_certificate():
    known["certificate"].append(make("trusted-certificates", {"cert_text": CERTIFICATE}))


MAKERS = {
    "library": make_local,
    "item": make_local,
    "update_session": make_local,
    "download_session": make_local,
    "published_library": make_published,
    "subscription": make_published,
    "subscribed_library": make_subscribed,
    "certificate": make_certificate,
}
for make_first in (make_local, make_local, make_published, make_subscribed, make_certificate):
    make_first()

# Findings that are none.

# Older clients use these too; the document tells one way of each call.
UNDOCUMENTED_METHODS = {
    "/rest/com/vmware/cis/session": {"GET"},
    "/api/content/library/{}": {"POST"},
}
# Faults of the shape of a request, which the document has to tell. All others are of what exists, of states and of names.
FAULTS_OF_SHAPE = ("contentlib.request.", "contentlib.client_token.", "com.vmware.vapi.")
# Structures that several operations share, each of which needs other members of them.
SHARED_STRUCTURES = ("publish_info.", "subscription_info.", "subscribed_library.")
# What a certificate or a print of one has to be is more than a pattern can tell.
PRINTS = {
    "ssl_certificate",
    "ssl_certificate_thumbprint",
    "ssl_thumbprint",
    "contentlib_key_pin",
    "contentlib_ca_pin",
    "secret",
    "thumbprint",
    "key_pin",
    "ca_pin",
}


def address_of(key):
    """The path without its query, and whatever its parameters are called."""
    return re.sub(r"{[^}]*}", "{}", key.split("?")[0])


def methods_at_address(case):
    """All methods of the path, whatever stands behind the question mark of its keys in the document."""
    paths = case.operation.schema.raw_schema["paths"]
    address = address_of(case.operation.path)
    return UNDOCUMENTED_METHODS.get(address, set()) | {
        method.upper()
        for key, operations in paths.items()
        if address_of(key) == address
        for method in operations
    }


def error_of(response):
    answer = response.json()
    return answer.get("value", answer)


def declared_classes(case, response):
    described = case.operation.definition.raw["responses"].get(str(response.status_code), {})
    return described.get("description", "").removeprefix("One of: ").rstrip(".").split(", ")


def is_declared_server_error(failure, case, response):
    """The API answers some errors of the caller with 500, and a server that is busy with 503; the document says which."""
    error = error_of(response)["error_type"].lower()
    return error != "internal_server_error" and error in declared_classes(case, response)


def is_whole_allow(failure, case, response):
    """Operations at one path are told apart by the query, so the document has several keys for it, and Allow one list."""
    advertised = {method.strip() for method in failure.allow_header.split(",")}
    return methods_at_address(case) == advertised


def is_method_of_another_query(failure, case, response):
    """The path takes the method, with another query: there is no such operation, and the method is allowed."""
    return failure.failure_reason == "wrong_status" and failure.method in methods_at_address(case)


def is_rule_beyond_a_schema(failure, case, response):
    """Names that are taken, sessions that have ended, searches for nothing: a schema does not tell them."""
    message = error_of(response)["messages"][0]
    if message["id"] == "contentlib.request.missing_member":
        return message["args"][0].startswith(SHARED_STRUCTURES)
    if message["id"] == "contentlib.request.invalid_member":
        return message["args"][0].rsplit(".", 1)[-1] in PRINTS
    return not message["id"].startswith(FAULTS_OF_SHAPE)


def without_nulls(value):
    if isinstance(value, list):
        return [without_nulls(element) for element in value]
    if not isinstance(value, dict):
        return value
    return {name: without_nulls(member) for name, member in value.items() if member is not None}


def is_null_for_absent(failure, case, response):
    """What is null counts as absent, as clients send it, and so does a blank body; the document describes what is there."""
    raw = case.operation.schema.raw_schema
    described = case.operation.definition.raw.get("requestBody")
    if described is None:
        return False
    if case.body is None or (isinstance(case.body, bytes) and not case.body.strip()):
        return not described["required"]
    if not isinstance(case.body, dict):
        return False
    schema = {**described["content"]["application/json"]["schema"], "components": raw["components"]}
    return jsonschema_rs.is_valid(schema, without_nulls(case.body))


EXCUSES = {
    ServerError: is_declared_server_error,
    AllowHeaderMismatch: is_whole_allow,
    UnsupportedMethodResponse: is_method_of_another_query,
    RejectedPositiveData: is_rule_beyond_a_schema,
    AcceptedNegativeData: is_null_for_absent,
}


@schemathesis.hook
def filter_failure(context, failure, case, response):
    excuse = EXCUSES.get(type(failure))
    return excuse is None or not excuse(failure, case, response)
