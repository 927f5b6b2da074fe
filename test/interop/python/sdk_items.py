"""Items: what they are, find, copies and changes."""

import datetime
import uuid

from com.vmware.content.library_client import Item, ItemModel
from com.vmware.vapi.std.errors_client import (
    AlreadyExists,
    InvalidArgument,
    NotFound,
)

from sdk_connection import LoggedIn, fresh_name, token


class Items(LoggedIn):
    def test_a_new_item_tells_every_member_that_is_always_present(self):
        library_id = self.make_library()
        name = fresh_name("item")
        item_id = self.make_item(library_id, name, kind="iso", description="An item")
        found = self.api.items.get(item_id)
        self.assertEqual(found.id, item_id)
        self.assertEqual(found.library_id, library_id)
        self.assertEqual(found.name, name)
        self.assertEqual(found.description, "An item")
        self.assertEqual(found.type, "iso")
        self.assertEqual(found.size, 0)
        self.assertTrue(found.cached)
        self.assertEqual((found.version, found.content_version), ("1", "1"))
        self.assertEqual(found.metadata_version, "1")
        self.assertIsInstance(found.creation_time, datetime.datetime)
        self.assertIsInstance(found.last_modified_time, datetime.datetime)
        self.assertIsNone(found.source_id)
        self.assertEqual(self.api.files.list(item_id), [])
        self.assertEqual(self.api.storage.list(item_id), [])

    def test_list_names_the_items_of_one_library(self):
        library_id = self.make_library()
        self.assertEqual(self.api.items.list(library_id), [])
        made = {self.make_item(library_id), self.make_item(library_id)}
        self.make_item()
        self.assertEqual(set(self.api.items.list(library_id)), made)

    def test_a_second_item_of_one_name_already_exists(self):
        library_id = self.make_library()
        name = fresh_name("Item")
        first = self.make_item(library_id, name)
        self.refused(AlreadyExists, self.make_item, library_id, name.lower())
        other = self.make_item(library_id)
        self.refused(AlreadyExists, self.api.items.update, other, ItemModel(name=name))
        self.api.items.update(first, ItemModel(name=name))
        self.make_item(self.make_library(), name)

    def test_names_have_bounds(self):
        library_id = self.make_library()
        for name in ("", "x" * 81):
            spec = ItemModel(library_id=library_id, name=name)
            self.refused(InvalidArgument, self.api.items.create, create_spec=spec)
        self.make_item(library_id, "x" * 80)

    def test_a_client_token_makes_one_item(self):
        spec = ItemModel(library_id=self.make_library(), name=fresh_name("item"))
        same = token()
        first = self.api.items.create(create_spec=spec, client_token=same)
        self.assertEqual(self.api.items.create(create_spec=spec, client_token=same), first)

    def test_find_takes_its_criteria_together(self):
        library_id = self.make_library()
        name = fresh_name("Find-Me")
        wanted = self.make_item(library_id, name, kind="iso")
        self.make_item(library_id, kind="ovf")
        find = self.api.items.find
        self.assertEqual(find(Item.FindSpec(name=name.lower())), [wanted])
        self.assertEqual(find(Item.FindSpec(library_id=library_id, type="ISO")), [wanted])
        self.assertEqual(len(find(Item.FindSpec(library_id=library_id))), 2)
        self.assertEqual(len(find(Item.FindSpec(library_id=library_id, cached=True))), 2)
        self.assertEqual(find(Item.FindSpec(library_id=library_id, cached=False)), [])
        self.assertEqual(find(Item.FindSpec(name=name, type="ovf")), [])
        self.assertEqual(find(Item.FindSpec(source_id=str(uuid.uuid4()))), [])
        self.refused(InvalidArgument, find, Item.FindSpec())

    def test_update_moves_the_versions_of_metadata_alone(self):
        item_id = self.make_item()
        before = self.api.items.get(item_id)
        self.api.items.update(item_id, ItemModel(description="new"))
        after = self.api.items.get(item_id)
        self.assertEqual((after.name, after.description), (before.name, "new"))
        self.assertNotEqual(after.metadata_version, before.metadata_version)
        self.assertNotEqual(after.version, before.version)
        self.assertEqual(after.content_version, before.content_version)
        stale = ItemModel(description="newer", version=before.version)
        self.refused(InvalidArgument, self.api.items.update, item_id, stale)

    def test_delete_forgets_the_item(self):
        library_id = self.make_library()
        item_id = self.make_item(library_id)
        self.api.items.delete(item_id)
        self.assertEqual(self.api.items.list(library_id), [])
        self.refused(NotFound, self.api.items.get, item_id)
        self.refused(NotFound, self.api.items.delete, item_id)

    def test_unknown_ids_are_not_found(self):
        stranger = str(uuid.uuid4())
        self.refused(NotFound, self.api.items.get, stranger)
        self.refused(NotFound, self.api.items.list, stranger)
        self.refused(NotFound, self.api.items.update, stranger, ItemModel(name="x"))
        self.refused(NotFound, self.make_item, stranger)
        self.refused(NotFound, self.api.files.list, stranger)
        self.refused(NotFound, self.api.storage.list, stranger)
        self.refused(NotFound, self.api.items.publish, stranger, False)
        item_id = self.make_item()
        self.refused(NotFound, self.api.files.get, item_id, "none.txt")
        self.refused(NotFound, self.api.storage.get, item_id, "none.txt")


class Copies(LoggedIn):
    def test_a_copy_has_the_bytes_and_lives_on_its_own(self):
        files = {"disk 1.vmdk": b"bytes", "readme.txt": b"text"}
        source = self.fill(files)
        spec = ItemModel(library_id=self.make_library(), name=fresh_name("copy"))
        copy = self.api.items.copy(source, spec, client_token=token())
        self.assertNotEqual(copy, source)
        self.api.items.delete(source)
        self.assertEqual(self.api.items.get(copy).name, spec.name)
        self.assert_holds(copy, files)

    def test_a_copy_is_refused_as_a_new_item_would_be(self):
        source = self.make_item()
        taken = self.api.items.get(source)
        same = ItemModel(library_id=taken.library_id, name=taken.name)
        # The operation does not declare AlreadyExists; a name that is taken is an argument that will not do.
        self.refused((AlreadyExists, InvalidArgument), self.api.items.copy, source, same)
        spec = ItemModel(library_id=taken.library_id, name=fresh_name("copy"))
        self.refused(NotFound, self.api.items.copy, str(uuid.uuid4()), spec)
        nowhere = ItemModel(library_id=str(uuid.uuid4()), name=fresh_name("copy"))
        self.refused(NotFound, self.api.items.copy, source, nowhere)


class ChangesOfAnItem(LoggedIn):
    def test_each_change_of_the_content_is_told(self):
        item_id = self.fill({"a.txt": b"one"})
        self.fill({"a.txt": b"two"}, item_id)
        listed = self.api.changes.list(item_id)
        self.assertGreaterEqual(len(listed), 2)
        for summary in listed:
            self.assertTrue(summary.version)
            self.assertIsInstance(summary.time, datetime.datetime)
            info = self.api.changes.get(item_id, summary.version)
            self.assertEqual(info.time, summary.time)
            self.assertEqual(info.user, summary.user)
        newest = self.api.items.get(item_id).content_version
        self.assertIn(newest, [summary.version for summary in listed])

    def test_unknown_items_and_versions_are_not_found(self):
        self.refused(NotFound, self.api.changes.list, str(uuid.uuid4()))
        self.refused(NotFound, self.api.changes.get, str(uuid.uuid4()), "1")
        self.refused(NotFound, self.api.changes.get, self.make_item(), "no such version")
