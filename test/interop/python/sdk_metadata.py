"""What a server tells of its own API, held against the vendor's bindings: introspection, the metamodel, how callers prove who
they are, and the command line. The bindings carry every name and type themselves; so this is also a proof of those that the
server uses on the wire."""

import importlib
import os
import unittest
from functools import cache

import requests
from com.vmware.vapi.metadata import authentication_client as authentication
from com.vmware.vapi.metadata import cli_client as cli
from com.vmware.vapi.metadata import metamodel_client as metamodel
from com.vmware.vapi.metadata.authentication import service_client as authentication_service
from com.vmware.vapi.metadata.metamodel import service_client as metamodel_service
from com.vmware.vapi.std import introspection_client as introspection
from com.vmware.vapi.std.errors_client import NotFound, OperationNotFound
from vmware.vapi.bindings import type as binding
from vmware.vapi.bindings.stub import ApiInterfaceStub, StubConfiguration
from vmware.vapi.data.definition import StructRefDefinition
from vmware.vapi.data.serializers.introspection import convert_data_value_to_data_def
from vmware.vapi.data.type import Type
from vmware.vapi.data.validator import UnionValidator
from vmware.vapi.lib.connect import get_requests_connector
from vmware.vapi.stdlib.client.factories import StubConfigurationFactory
from vmware.vapi.stdlib.client.introspection import IntrospectableApiProvider

URL = os.environ["LIBRARY_URL"]

#: The modules with the bindings of the services that the server has.
CONTENT = (
    "com.vmware.cis_client",
    "com.vmware.content_client",
    "com.vmware.content.library_client",
    "com.vmware.content.library.item_client",
    "com.vmware.content.library.item.downloadsession_client",
    "com.vmware.content.library.item.updatesession_client",
)
METADATA = (
    "com.vmware.vapi.std.introspection_client",
    "com.vmware.vapi.metadata.metamodel_client",
    "com.vmware.vapi.metadata.metamodel.service_client",
    "com.vmware.vapi.metadata.authentication_client",
    "com.vmware.vapi.metadata.authentication.service_client",
    "com.vmware.vapi.metadata.cli_client",
)
#: Services that the bindings know and the server does not have.
ABSENT = {
    "com.vmware.cis.tasks",
    "com.vmware.vapi.metadata.metamodel.metadata_identifier",
    "com.vmware.vapi.metadata.metamodel.resource",
    "com.vmware.vapi.metadata.metamodel.source",
    "com.vmware.vapi.metadata.authentication.source",
    "com.vmware.vapi.metadata.cli.source",
}
#: Services, operations, errors of those, types and members that came after version 8.0.2 of the API.
LATER = {
    "com.vmware.content.configuration_model.automatic_sync_enabled_setting",
    "com.vmware.content.configuration_model.automatic_sync_refresh_interval",
    "com.vmware.content.configuration_model.automatic_sync_refresh_interval_setting",
    "com.vmware.content.configuration_model.automatic_sync_setting_refresh_interval",
    "com.vmware.content.configuration_model.automatic_sync_setting_refresh_interval_setting",
    "com.vmware.content.configuration_model.automatic_sync_start_hour_setting",
    "com.vmware.content.configuration_model.automatic_sync_stop_hour_setting",
    "com.vmware.content.configuration_model.maximum_concurrent_item_syncs_setting",
    "com.vmware.content.configuration_model.priority_transfer_threads_pool_size",
    "com.vmware.content.configuration_model.priority_transfer_threads_pool_size_setting",
    "com.vmware.content.configuration_model.transfer_nfc_max_concurrent_transfers_per_host",
    "com.vmware.content.configuration_model.transfer_nfc_max_concurrent_transfers_per_host_setting",
    "com.vmware.content.configuration_model.transfer_threads_pool_size",
    "com.vmware.content.configuration_model.transfer_threads_pool_size_setting",
    "com.vmware.content.configuration_model.transfer_throttling_bandwidth_total",
    "com.vmware.content.configuration_model.transfer_throttling_bandwidth_total_setting",
    "com.vmware.content.configuration_setting",
    "com.vmware.content.configuration_setting.constraint_type",
    "com.vmware.content.library.configuration_info",
    "com.vmware.content.library.conversion_spec",
    "com.vmware.content.library.conversion_spec.conversion_type",
    "com.vmware.content.library.convert",
    "com.vmware.content.library.enter_maintenance",
    "com.vmware.content.library.exit_maintenance",
    "com.vmware.content.library.find_spec.storage_backing",
    "com.vmware.content.library.force_delete",
    "com.vmware.content.library.item.file.info.file_download_endpoint",
    "com.vmware.content.library.item.storage.info.file_download_endpoint",
    "com.vmware.content.library.migrate",
    "com.vmware.content.library.migrate_spec",
    "com.vmware.content.library.state_info",
    "com.vmware.content.library.state_info.state",
    "com.vmware.content.library.item.file.get.unsupported",
    "com.vmware.content.library.item.file.list.unsupported",
    "com.vmware.content.library.usages",
    "com.vmware.content.library.usages.add_spec",
    "com.vmware.content.library.usages.info",
    "com.vmware.content.library.usages.list_result",
    "com.vmware.content.library.usages.summary",
    "com.vmware.content.library_model.configuration_info",
    "com.vmware.content.library_model.state_info",
    "com.vmware.content.local_library.force_delete",
    "com.vmware.content.subscribed_library.delete.not_allowed_in_current_state",
    "com.vmware.content.subscribed_library.force_delete",
    "com.vmware.content.subscribed_library.probe_result.ssl_certificate",
    "com.vmware.vapi.metadata.lifecycle_info",
    "com.vmware.vapi.metadata.metamodel.constant_info.lifecycle",
    "com.vmware.vapi.metadata.metamodel.enumeration_info.lifecycle",
    "com.vmware.vapi.metadata.metamodel.enumeration_value_info.lifecycle",
    "com.vmware.vapi.metadata.metamodel.error_info.lifecycle",
    "com.vmware.vapi.metadata.metamodel.field_info.lifecycle",
    "com.vmware.vapi.metadata.metamodel.operation_info.lifecycle",
    "com.vmware.vapi.metadata.metamodel.service_info.lifecycle",
    "com.vmware.vapi.metadata.metamodel.structure_info.lifecycle",
    "com.vmware.vapi.std.errors.unauthorized.challenge",
}
SESSION = "com.vmware.cis.session"
#: Errors that every operation tells of.
SHARED = tuple(
    f"com.vmware.vapi.std.errors.{name}"
    for name in ("internal_server_error", "operation_not_found", "unauthenticated")
)

BUILTIN = {
    binding.VoidType: "VOID",
    binding.BooleanType: "BOOLEAN",
    binding.IntegerType: "LONG",
    binding.DoubleType: "DOUBLE",
    binding.StringType: "STRING",
    binding.SecretType: "SECRET",
    binding.DateTimeType: "DATE_TIME",
    binding.IdType: "ID",
    binding.URIType: "URI",
    binding.OpaqueType: "OPAQUE",
    binding.DynamicStructType: "DYNAMIC_STRUCTURE",
}
GENERIC = {binding.OptionalType: "OPTIONAL", binding.ListType: "LIST", binding.SetType: "SET"}


def each_operation(modules=(*CONTENT, *METADATA)):
    """`(service, operation, what the stub has of it)` for each that the server has."""
    for service, operations in services(modules).items():
        for name, operation in operations.items():
            if f"{service}.{name}" not in LATER:
                yield service, name, operation


class NoConnector:
    """Stands where stubs want a connection, so that they can be read without one."""

    def get_api_provider(self):
        return None

    def add_error_filter(self, *_):
        pass


@cache
def services(modules):
    """The operations of each service by name, as the stubs of the bindings have them."""
    found = {}
    for name in modules:
        for stub in vars(importlib.import_module(name)).values():
            if not isinstance(stub, type) or not issubclass(stub, ApiInterfaceStub):
                continue
            if stub.__module__ == name:
                ready = stub(StubConfiguration(NoConnector()))
                found[ready._iface_id.get_name()] = ready._operations
    return {name: found[name] for name in found if name not in ABSENT | LATER}


def bound(kind):
    """The type of a binding in the terms of the metamodel."""
    if isinstance(kind, binding.ReferenceType):
        return bound(kind.resolved_type)
    if type(kind) in BUILTIN:
        return (BUILTIN[type(kind)],)
    if type(kind) in GENERIC:
        return (GENERIC[type(kind)], bound(kind.element_type))
    if isinstance(kind, binding.MapType):
        return ("MAP", bound(kind.key_type), bound(kind.value_type))
    if isinstance(kind, binding.EnumType):
        return ("com.vmware.vapi.enumeration", kind.name)
    return ("com.vmware.vapi.structure", kind.name)


def told(kind):
    """The type that the metamodel tells, in the same terms."""
    if kind.category == "BUILTIN":
        return (str(kind.builtin_type),)
    if kind.category == "USER_DEFINED":
        return (kind.user_defined_type.resource_type, kind.user_defined_type.resource_id)
    generic = kind.generic_instantiation
    if generic.generic_type == "MAP":
        return ("MAP", told(generic.map_key_type), told(generic.map_value_type))
    return (str(generic.generic_type), told(generic.element_type))


def errors_of(service, name, operation):
    """The errors that the stub declares, by name."""
    return {
        error: kind.resolved_type
        for error, kind in operation["errors"].items()
        if f"{service}.{name}.{error.rpartition('.')[2]}" not in LATER
    }


def fields_of(structure):
    return {name: structure.get_field(name) for name in structure.get_field_names()}


def bound_unions(structure):
    """For each tag and member of a union the values of the tag that the member goes with."""
    found = {}
    for union in structure._validator_list or []:
        if isinstance(union, UnionValidator):
            for value, members in union._case_map.items():
                for member, _ in members:
                    found.setdefault((union._discriminant_name, member), set()).add(value)
    return found


def named_types(kind, found):
    """All structures and enumerations of the server's version that a type is made of, by name."""
    if isinstance(kind, binding.ReferenceType):
        kind = kind.resolved_type
    if isinstance(kind, binding.MapType):
        named_types(kind.key_type, found)
        named_types(kind.value_type, found)
    elif type(kind) in GENERIC:
        named_types(kind.element_type, found)
    elif isinstance(kind, binding.EnumType):
        found[kind.name] = kind
    elif isinstance(kind, binding.StructType) and type(kind) is not binding.DynamicStructType:
        if kind.name in found:
            return
        if kind.name != "operation-input":
            found[kind.name] = kind
        for name in kind.get_field_names():
            if f"{kind.name}.{name}" not in LATER:
                named_types(kind.get_field(name), found)


@cache
def all_types(modules):
    found = {}
    for service, name, operation in each_operation(modules):
        named_types(operation["input_type"], found)
        named_types(operation["output_type"], found)
        for error in errors_of(service, name, operation).values():
            named_types(error, found)
    return found


def wire(definition, path=()):
    """How a value looks on the wire, as plain values that can be compared; structures inside themselves are only named."""
    if isinstance(definition, StructRefDefinition):
        return ("STRUCTURE_REF", definition.name)
    if definition.type in (Type.OPTIONAL, Type.LIST):
        return (str(definition.type), wire(definition.element_type, path))
    if definition.type in (Type.STRUCTURE, Type.ERROR):
        if definition.name in path:
            return ("STRUCTURE_REF", definition.name)
        # Maps hold maps; their entries all have one name.
        inner = path if definition.name == "map-entry" else (*path, definition.name)
        members = {
            name: wire(definition.get_field(name), inner)
            for name in definition.get_field_names()
            if f"{definition.name}.{name}" not in LATER
        }
        return (str(definition.type), definition.name, members)
    return (str(definition.type),)


class Metadata(unittest.TestCase):
    """Test cases of a caller that never logs in."""

    longMessage = True
    maxDiff = None

    @classmethod
    def setUpClass(cls):
        cls.connector = get_requests_connector(session=requests.Session(), url=URL + "/api")
        cls.stubs = StubConfigurationFactory.new_std_configuration(cls.connector)

    def hold(self, cases):
        """Compares each `(name, found, expected)`, and fails with all that differ."""
        different = {name: (found, expected) for name, found, expected in cases if found != expected}
        self.assertEqual(different, {}, "found is first, the bindings second")


class Introspection(Metadata):
    def setUp(self):
        self.service = introspection.Service(self.stubs)
        self.operation = introspection.Operation(self.stubs)

    def defined(self, definition):
        return wire(convert_data_value_to_data_def(definition.get_struct_value()))

    def test_the_services_are_those_of_the_bindings(self):
        found = self.service.list()
        self.assertEqual(found, set(services((*CONTENT, *METADATA))))

    def test_the_operations_are_those_of_the_bindings(self):
        expected = {}
        for service, name, _ in each_operation():
            expected.setdefault(service, set()).add(name)
        self.hold((name, self.operation.list(name), expected[name]) for name in expected)
        self.hold((name, self.service.get(name).operations, expected[name]) for name in expected)

    def test_what_is_taken_and_answered_is_that_of_the_bindings(self):
        for side in ("input", "output"):
            self.hold(
                (
                    f"{side} of {service}.{name}",
                    self.defined(getattr(self.operation.get(service, name), f"{side}_definition")),
                    wire(operation[f"{side}_type"].definition),
                )
                for service, name, operation in each_operation()
            )

    def test_the_errors_are_those_of_the_bindings_and_those_all_share(self):
        def cases():
            for service, name, operation in each_operation():
                info = self.operation.get(service, name)
                found = {each.name: self.defined(each) for each in info.error_definitions}
                for error in SHARED:
                    yield f"{error} of {service}.{name}", error in found, True
                for error, kind in errors_of(service, name, operation).items():
                    expected = wire(kind.definition)
                    yield f"{error} of {service}.{name}", found.get(error), expected

        self.hold(cases())

    def test_the_runtime_builds_calls_of_it(self):
        provider = IntrospectableApiProvider(self.connector)
        method = provider.get_method("com.vmware.content.library.item.update_session", "create")
        self.assertEqual(
            method.get_input_definition().get_field_names(), ["client_token", "create_spec"]
        )

    def test_the_print_stays(self):
        provider = introspection.Provider(self.stubs)
        first, second = provider.get(), provider.get()
        self.assertEqual(first.checksum, second.checksum)
        self.assertTrue(first.id)

    def test_unknown_names_are_not_found(self):
        for call in (
            lambda: self.service.get("no.such.service"),
            lambda: self.operation.list("no.such.service"),
            lambda: self.operation.get("no.such.service", "get"),
            lambda: self.operation.get(SESSION, "no_such_operation"),
            lambda: self.operation.get(SESSION, "constructor"),
        ):
            self.assertRaises(NotFound, call)


class Metamodel(Metadata):
    def setUp(self):
        self.structure = metamodel.Structure(self.stubs)
        self.enumeration = metamodel.Enumeration(self.stubs)
        self.operation = metamodel_service.Operation(self.stubs)

    def types(self, kind):
        found = all_types((*CONTENT, *METADATA)).items()
        return [(name, each) for name, each in found if isinstance(each, kind)]

    def test_structures_have_the_members_of_the_bindings(self):
        def cases():
            for name, kind in self.types(binding.StructType):
                info = self.structure.get(name)
                found = {field.name: told(field.type) for field in info.fields}
                for field in {*found, *kind.get_field_names()}:
                    if f"{name}.{field}" not in LATER:
                        each = kind.get_field(field)
                        yield f"{name}.{field}", found.get(field), each and bound(each)
                is_error = isinstance(kind, binding.ErrorType)
                yield f"kind of {name}", info.type, "ERROR" if is_error else "STRUCTURE"
                yield f"name of {name}", info.name, name
                yield f"documentation of {name}", bool(info.documentation), True

        self.hold(cases())

    def test_unions_are_those_of_the_bindings(self):
        self.hold(
            (name, self.told_unions(name), bound_unions(kind.binding_class))
            for name, kind in self.types(binding.StructType)
        )

    def told_unions(self, name):
        found, tags = {}, set()
        for field in self.structure.get(name).fields:
            if metamodel.MetadataIdentifier.UNION_TAG in field.metadata:
                tags.add(field.name)
            case = field.metadata.get(metamodel.MetadataIdentifier.UNION_CASE)
            if case:
                values = set(case.elements["value"].list_value)
                found[(case.elements["tag"].string_value, field.name)] = values
        self.assertEqual(tags, {tag for tag, _ in found}, name)
        return found

    def test_enumerations_have_the_values_of_the_bindings(self):
        self.hold(
            (
                name,
                {str(value.value) for value in self.enumeration.get(name).values},
                {
                    each
                    for each, value in vars(kind.binding_class).items()
                    if isinstance(value, kind.binding_class) and f"{name}.{each}" not in LATER
                },
            )
            for name, kind in self.types(binding.EnumType)
        )

    def test_operations_have_the_parameters_of_the_bindings(self):
        def cases():
            for service, name, operation in each_operation():
                info = self.operation.get(service, name)
                fields = fields_of(operation["input_type"])
                expected = {each: bound(kind) for each, kind in fields.items()}
                yield f"{service}.{name}", {each.name: told(each.type) for each in info.params}, expected
                answer = f"answer of {service}.{name}"
                yield answer, told(info.output.type), bound(operation["output_type"])
                yield f"documentation of {service}.{name}", bool(info.documentation), True

        self.hold(cases())

    def test_operations_declare_the_errors_of_the_bindings(self):
        self.hold(
            (
                f"{service}.{name}",
                set(errors_of(service, name, operation))
                - {error.structure_id for error in self.operation.get(service, name).errors},
                set(),
            )
            for service, name, operation in each_operation()
        )

    def test_each_structure_stands_where_the_bindings_have_it(self):
        service, package = metamodel.Service(self.stubs), metamodel.Package(self.stubs)

        def cases():
            for name, kind in self.types(binding.StructType):
                is_nested = "." in kind.binding_class.__qualname__
                owner = (service if is_nested else package).get(name.rpartition(".")[0])
                yield name, name in owner.structures, True

        self.hold(cases())

    def test_components_hold_everything_once(self):
        component = metamodel.Component(self.stubs)
        found = {"services": [], "structures": [], "enumerations": []}

        def take(owner):
            for kind in found:
                found[kind] += list(getattr(owner, kind, {}))
            for kind in ("services", "structures"):
                for inner in getattr(owner, kind, {}).values():
                    take(inner)

        for name in component.list():
            data = component.get(name)
            self.assertEqual(data.fingerprint, component.fingerprint(name))
            for package in data.info.packages.values():
                take(package)
        for kind, service in (
            ("services", metamodel.Service(self.stubs)),
            ("structures", self.structure),
            ("enumerations", self.enumeration),
        ):
            self.assertCountEqual(found[kind], service.list())

    def test_unknown_names_are_not_found(self):
        for service in (
            metamodel.Component,
            metamodel.Package,
            metamodel.Service,
            metamodel.Structure,
            metamodel.Enumeration,
        ):
            for name in ("no.such.name", "", "__proto__"):
                self.assertRaises(NotFound, service(self.stubs).get, name)
        self.assertRaises(NotFound, self.operation.get, SESSION, "no_such_operation")
        self.assertRaises(NotFound, self.operation.list, "no.such.service")

    def test_what_is_not_served_is_no_operation(self):
        self.assertRaises(OperationNotFound, metamodel.Source(self.stubs).list)
        self.assertRaises(OperationNotFound, metamodel.Resource(self.stubs).list)


class Authentication(Metadata):
    def schemes(self, modules):
        operation = authentication_service.Operation(self.stubs)
        for service, name, _ in each_operation(modules):
            found = [
                (str(scheme.scheme_type), scheme.session_manager, scheme.scheme)
                for scheme in operation.get(service, name).schemes
            ]
            yield f"{service}.{name}", found

    def test_operations_go_by_session_and_the_login_by_password(self):
        by_password = ("SESSIONLESS", None, "com.vmware.vapi.std.security.user_pass")
        by_session = ("SESSION_AWARE", SESSION, "com.vmware.vapi.std.security.session_id")
        self.hold(
            (name, found, [by_password if name == f"{SESSION}.create" else by_session])
            for name, found in self.schemes(CONTENT)
        )

    def test_metadata_goes_without(self):
        without = ("SESSIONLESS", None, "com.vmware.vapi.std.security.no_authentication")
        self.hold((name, found, [without]) for name, found in self.schemes(METADATA))

    def test_services_packages_and_components_say_the_same(self):
        component = authentication.Component(self.stubs)
        package, service = (
            authentication.Package(self.stubs),
            authentication.Service(self.stubs),
        )
        for name in component.list():
            data = component.get(name)
            self.assertEqual(data.fingerprint, component.fingerprint(name))
            for inner, info in data.info.packages.items():
                self.assertEqual(package.get(inner), info)
                for each, told_of in info.services.items():
                    self.assertEqual(service.get(each), told_of)
        self.assertRaises(NotFound, package.get, "no.such.package")


class CommandLine(Metadata):
    def test_every_operation_is_a_command_in_a_namespace(self):
        command, namespace = cli.Command(self.stubs), cli.Namespace(self.stubs)
        found = {
            (info.service_id, info.operation_id)
            for info in (command.get(identity) for identity in command.list())
        }
        expected = {(service, name) for service, name, _ in each_operation(CONTENT)}
        self.assertEqual(found, expected)
        held = set()
        for identity in namespace.list():
            full = ".".join(part for part in (identity.path, identity.name) if part)
            held |= {(each.path, each.name) for each in command.list(full)}
        self.assertEqual(held, {(each.path, each.name) for each in command.list()})

    def test_options_name_the_members_of_the_input(self):
        for identity in cli.Command(self.stubs).list():
            info = cli.Command(self.stubs).get(identity)
            names = [option.long_option for option in info.options]
            self.assertEqual(len(names), len(set(names)))
            for option in info.options:
                kind = services(CONTENT)[info.service_id][info.operation_id]["input_type"]
                for part in option.field_name.split("."):
                    while not isinstance(kind, binding.StructType):
                        kind = (
                            kind.resolved_type
                            if isinstance(kind, binding.ReferenceType)
                            else kind.element_type
                        )
                    kind = kind.get_field(part)
                    self.assertIsNotNone(kind, option.field_name)

    def test_unknown_names_are_not_found(self):
        unknown = cli.Command.Identity(path="com.vmware.content", name="fly")
        self.assertRaises(NotFound, cli.Command(self.stubs).get, unknown)
        self.assertRaises(NotFound, cli.Command(self.stubs).list, "no.such.namespace")
        nowhere = cli.Namespace.Identity(path="no.such", name="namespace")
        self.assertRaises(NotFound, cli.Namespace(self.stubs).get, nowhere)
