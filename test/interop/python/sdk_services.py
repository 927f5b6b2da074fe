"""What belongs to the server as a whole: configuration, types, security policies, trusted certificates; and no service at all."""

import datetime
import uuid

from com.vmware.content_client import ConfigurationModel, LibraryModel, TrustedCertificates
from com.vmware.vapi.std.errors_client import (
    InvalidArgument,
    NotFound,
    OperationNotFound,
)
from com.vmware.vcenter_client import VM
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from sdk_connection import LoggedIn, fresh_name


class Configuration(LoggedIn):
    def test_update_changes_what_is_given_and_nothing_else(self):
        before = self.api.configuration.get()
        self.assertIsInstance(before.automatic_sync_enabled, bool)
        self.assertIsInstance(before.maximum_concurrent_item_syncs, int)
        hour = (before.automatic_sync_start_hour + 1) % 24
        self.api.configuration.update(ConfigurationModel(automatic_sync_start_hour=hour))
        after = self.api.configuration.get()
        self.assertEqual(after.automatic_sync_start_hour, hour)
        self.assertEqual(after.automatic_sync_enabled, before.automatic_sync_enabled)
        self.assertEqual(after.automatic_sync_stop_hour, before.automatic_sync_stop_hour)
        self.assertEqual(
            after.maximum_concurrent_item_syncs, before.maximum_concurrent_item_syncs
        )

    def test_an_hour_beyond_the_day_is_invalid(self):
        wrong = ConfigurationModel(automatic_sync_start_hour=24)
        self.refused(InvalidArgument, self.api.configuration.update, wrong)


class Types(LoggedIn):
    def test_list_names_the_types_that_clients_know(self):
        listed = self.api.types.list()
        self.assertLessEqual({"ovf", "iso"}, {info.type for info in listed})
        for info in listed:
            self.assertTrue(info.name and info.description and info.vendor and info.version)


class SecurityPolicies(LoggedIn):
    def test_each_policy_has_its_rules_as_a_map(self):
        for info in self.api.security_policies.list():
            self.assertTrue(info.policy and info.name)
            self.assertIsInstance(info.item_type_rules, dict)


class Certificates(LoggedIn):
    def test_create_get_list_delete(self):
        service = self.api.trusted_certificates
        text = self.certificate()
        certificate = service.create(TrustedCertificates.CreateSpec(cert_text=text))
        self.assertEqual(service.get(certificate).cert_text.split(), text.split())
        self.assertIn(certificate, [found.certificate for found in service.list().certificates])
        service.delete(certificate)
        self.refused(NotFound, service.get, certificate)

    def test_unknown_ones_are_not_found(self):
        service, stranger = self.api.trusted_certificates, str(uuid.uuid4())
        self.refused(NotFound, service.get, stranger)
        self.refused(NotFound, service.delete, stranger)

    def certificate(self):
        key = ec.generate_private_key(ec.SECP256R1())
        name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "interop")])
        now = datetime.datetime.now(datetime.timezone.utc)
        builder = x509.CertificateBuilder(
            issuer_name=name,
            subject_name=name,
            public_key=key.public_key(),
            serial_number=x509.random_serial_number(),
            not_valid_before=now,
            not_valid_after=now + datetime.timedelta(days=1),
        )
        signed = builder.sign(key, hashes.SHA256())
        return signed.public_bytes(serialization.Encoding.PEM).decode()


class Strangers(LoggedIn):
    def test_a_service_of_another_product_is_no_operation_of_this_server(self):
        self.refused(OperationNotFound, VM(self.api.stubs).list)

    def test_a_text_beyond_ascii_comes_back_as_it_was(self):
        name = fresh_name("B\u00fccher \u4e66 \U0001f4da")
        library_id = self.make_library(name, description='"quoted" \\ and\na new line')
        found = self.api.libraries.get(library_id)
        self.assertEqual(found.name, name)
        self.assertEqual(found.description, '"quoted" \\ and\na new line')
        self.assertEqual(found.type, LibraryModel.LibraryType.LOCAL)
