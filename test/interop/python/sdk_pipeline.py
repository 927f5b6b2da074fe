"""A pipeline that has a token in the place of a password, and one library: it works there as ever, and nowhere else."""

import os

from com.vmware import content_client as content
from com.vmware.content.library_client import ItemModel
from com.vmware.vapi.std.errors_client import NotFound, Unauthenticated, Unauthorized

from sdk_connection import USER, Connection, LoggedIn, fresh_name, noise, token

OWN = os.environ["OWN_LIBRARY"]
SEEN = os.environ["SEEN_LIBRARY"]
HIDDEN = os.environ["HIDDEN_LIBRARY"]


class Pipeline(LoggedIn):
    def test_the_token_logs_in_its_user(self):
        self.assertIn(USER, self.api.session.get().user)

    def test_only_what_is_granted_is_listed(self):
        self.assertEqual(set(self.api.libraries.list()), {OWN, SEEN})
        self.assertEqual(set(self.api.local_libraries.list()), {OWN, SEEN})

    def test_an_item_goes_through_its_whole_life_in_the_own_library(self):
        files = {"disk.vmdk": noise(300_000, "disk"), "readme.txt": b"read me"}
        item_id = self.fill(files, self.make_item(OWN))
        self.assert_holds(item_id, files)
        files["readme.txt"] = b"read me again"
        self.fill({"readme.txt": files["readme.txt"]}, item_id)
        self.assert_holds(item_id, files)
        self.api.items.update(item_id, ItemModel(description="by a pipeline"))
        self.assertEqual(self.api.items.get(item_id).description, "by a pipeline")
        self.api.items.delete(item_id)
        self.refused(NotFound, self.api.items.get, item_id)

    def test_a_library_that_it_may_only_see_is_read(self):
        (item_id,) = self.api.items.list(SEEN)
        self.assertEqual(set(self.read(item_id)), {"a.txt"})

    def test_changing_what_it_may_only_see_is_refused_by_the_name_of_the_right(self):
        (item_id,) = self.api.items.list(SEEN)
        spec = ItemModel(library_id=SEEN, name=fresh_name("item"))
        error = self.refused(Unauthorized, self.api.items.create, spec, token())
        text = error.messages[0].default_message
        for part in ("ContentLibrary.AddLibraryItem", "editor", "administrator@vsphere.local"):
            self.assertIn(part, text)
        self.refused(Unauthorized, self.open_session, item_id)
        self.refused(Unauthorized, self.api.items.delete, item_id)

    def test_another_library_is_not_there(self):
        self.refused(NotFound, self.api.libraries.get, HIDDEN)
        self.refused(NotFound, self.api.items.list, HIDDEN)
        self.refused(NotFound, self.make_item, HIDDEN)

    def test_libraries_are_not_made_or_deleted(self):
        spec = content.LibraryModel(
            name=fresh_name("library"), type=content.LibraryModel.LibraryType.LOCAL
        )
        self.refused(Unauthorized, self.api.local_libraries.create, spec, token())
        self.refused(Unauthorized, self.api.local_libraries.delete, OWN)

    def test_the_token_is_the_password_of_no_other_user(self):
        stranger = Connection()
        stranger.use_password(user="administrator")
        self.refused(Unauthenticated, stranger.session.create)
