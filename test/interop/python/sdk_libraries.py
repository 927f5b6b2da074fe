"""Libraries: local ones, the common service, and find."""

import datetime
import uuid

from com.vmware.content.library_client import PublishInfo, StorageBacking
from com.vmware.content_client import Library, LibraryModel
from com.vmware.vapi.std.errors_client import (
    ConcurrentChange,
    InvalidArgument,
    NotFound,
    Unsupported,
)

from sdk_connection import LoggedIn, fresh_name, token

LOCAL = LibraryModel.LibraryType.LOCAL


class Libraries(LoggedIn):
    def test_create_and_get_tell_every_member_that_is_always_present(self):
        name = fresh_name("library")
        library_id = self.make_library(name, description="From Python")
        for service in (self.api.local_libraries, self.api.libraries):
            found = service.get(library_id)
            self.assertEqual(found.id, library_id)
            self.assertEqual(found.name, name)
            self.assertEqual(found.description, "From Python")
            self.assertEqual(found.type, LOCAL)
            self.assertEqual(found.version, "1")
            self.assertTrue(found.server_guid)
            self.assertIsInstance(found.creation_time, datetime.datetime)
            self.assertIsInstance(found.last_modified_time, datetime.datetime)
            self.assertEqual(len(found.storage_backings), 1)
            self.assertIn(found.storage_backings[0].type, ("OTHER", "DATASTORE"))
            self.assertIsNone(found.last_sync_time)
            self.assertIsNone(found.subscription_info)

    def test_a_backing_of_type_other_without_an_address_is_the_default_place(self):
        backing = StorageBacking(type=StorageBacking.Type.OTHER)
        library_id = self.make_library(storage_backings=[backing])
        self.assertIn(library_id, self.api.local_libraries.list())

    def test_a_datastore_is_named_as_the_samples_do_and_told_again(self):
        backing = StorageBacking(type=StorageBacking.Type.DATASTORE, datastore_id="datastore-15")
        library_id = self.make_library(storage_backings=[backing])
        for service in (self.api.local_libraries, self.api.libraries):
            [found] = service.get(library_id).storage_backings
            self.assertEqual((found.type, found.datastore_id), ("DATASTORE", "datastore-15"))
            self.assertIsNone(found.storage_uri)
        item_id = self.fill({"a.txt": b"a"}, self.make_item(library_id))
        [held] = self.api.storage.list(item_id)
        self.assertEqual(held.storage_backing.datastore_id, "datastore-15")
        self.assert_holds(item_id, {"a.txt": b"a"})

    def test_two_backings_are_unsupported(self):
        backing = StorageBacking(type=StorageBacking.Type.OTHER)
        self.refused(Unsupported, self.make_library, storage_backings=[backing, backing])

    def test_a_client_token_makes_one_library(self):
        spec = LibraryModel(name=fresh_name("once"), type=LOCAL)
        same = token()
        first = self.api.local_libraries.create(create_spec=spec, client_token=same)
        self.assertEqual(
            self.api.local_libraries.create(create_spec=spec, client_token=same), first
        )
        self.assertEqual(self.api.libraries.find(Library.FindSpec(name=spec.name)), [first])

    def test_a_client_token_may_be_left_out_and_must_be_a_uuid(self):
        spec = LibraryModel(name=fresh_name("library"), type=LOCAL)
        self.assertTrue(self.api.local_libraries.create(create_spec=spec))
        self.refused(
            InvalidArgument,
            self.api.local_libraries.create,
            create_spec=spec,
            client_token="not a uuid",
        )

    def test_list_names_each_library_once(self):
        made = {self.make_library(), self.make_library()}
        for service in (self.api.local_libraries, self.api.libraries):
            listed = service.list()
            self.assertEqual(len(listed), len(set(listed)))
            self.assertLessEqual(made, set(listed))

    def test_find_by_name_ignores_case_and_by_type_keeps_to_it(self):
        name = fresh_name("Find-Me")
        library_id = self.make_library(name)
        find = self.api.libraries.find
        self.assertEqual(find(Library.FindSpec(name=name.upper())), [library_id])
        self.assertEqual(find(Library.FindSpec(name=name, type=LOCAL)), [library_id])
        subscribed = LibraryModel.LibraryType.SUBSCRIBED
        self.assertEqual(find(Library.FindSpec(name=name, type=subscribed)), [])
        self.assertEqual(find(Library.FindSpec(name=str(uuid.uuid4()))), [])

    def test_find_without_a_criterion_is_refused(self):
        self.refused(InvalidArgument, self.api.libraries.find, Library.FindSpec())

    def test_update_changes_what_is_given_and_nothing_else(self):
        library_id = self.make_library(description="before")
        before = self.api.local_libraries.get(library_id)
        self.api.local_libraries.update(library_id, LibraryModel(description="after"))
        after = self.api.local_libraries.get(library_id)
        self.assertEqual((after.name, after.description), (before.name, "after"))
        self.assertNotEqual(after.version, before.version)
        renamed = fresh_name("renamed")
        self.api.libraries.update(library_id, LibraryModel(name=renamed))
        self.assertEqual(self.api.libraries.get(library_id).name, renamed)
        self.assertEqual(self.api.libraries.get(library_id).description, "after")

    def test_update_with_an_old_version_is_a_concurrent_change(self):
        library_id = self.make_library()
        version = self.api.local_libraries.get(library_id).version
        spec = LibraryModel(description="one", version=version)
        self.api.local_libraries.update(library_id, spec)
        self.refused(ConcurrentChange, self.api.local_libraries.update, library_id, spec)

    def test_publish_info_comes_back_without_passwords(self):
        info = PublishInfo(
            authentication_method=PublishInfo.AuthenticationMethod.NONE,
            published=False,
            persist_json_enabled=False,
        )
        library_id = self.make_library(publish_info=info)
        found = self.api.local_libraries.get(library_id).publish_info
        self.assertFalse(found.published)
        self.assertIsNone(found.password)
        self.assertIsNone(found.current_password)

    def test_delete_forgets_the_library_and_its_items(self):
        library_id = self.make_library()
        item_id = self.fill({"a.txt": b"a"}, self.make_item(library_id))
        self.api.local_libraries.delete(library_id)
        self.assertNotIn(library_id, self.api.libraries.list())
        self.refused(NotFound, self.api.local_libraries.get, library_id)
        self.refused(NotFound, self.api.local_libraries.delete, library_id)
        self.refused(NotFound, self.api.items.get, item_id)

    def test_unknown_ids_are_not_found(self):
        stranger = str(uuid.uuid4())
        spec = LibraryModel(description="x")
        for service in (self.api.local_libraries, self.api.libraries):
            self.refused(NotFound, service.get, stranger)
            self.refused(NotFound, service.update, stranger, spec)
        self.refused(NotFound, self.api.local_libraries.delete, stranger)
        self.refused(NotFound, self.api.local_libraries.publish, stranger)

    def test_a_library_needs_a_name(self):
        create = self.api.local_libraries.create
        self.refused(InvalidArgument, create, create_spec=LibraryModel(name="", type=LOCAL))
        self.refused(InvalidArgument, create, create_spec=LibraryModel(type=LOCAL))
