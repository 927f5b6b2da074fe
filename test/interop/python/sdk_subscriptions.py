"""Subscribed libraries, their items, and the subscriptions of a library: kept and guarded, where they do not act."""

import uuid

from com.vmware.content.library_client import (
    PublishInfo,
    StorageBacking,
    SubscriptionInfo,
    Subscriptions,
)
from com.vmware.content_client import LibraryModel
from com.vmware.vapi.std.errors_client import (
    InvalidArgument,
    InvalidElementType,
    NotAllowedInCurrentState,
    NotFound,
    Unsupported,
)

from sdk_connection import LoggedIn, fresh_name, token

NONE = SubscriptionInfo.AuthenticationMethod.NONE
DATASTORE = StorageBacking(type=StorageBacking.Type.DATASTORE, datastore_id="datastore-15")


class SubscribedLibraries(LoggedIn):
    def make_subscribed(self, on_demand=True, **members):
        info = SubscriptionInfo(
            authentication_method=NONE,
            automatic_sync_enabled=False,
            on_demand=on_demand,
            subscription_url="http://127.0.0.1:9/lib.json",
        )
        spec = LibraryModel(
            name=fresh_name("subscribed"),
            type=LibraryModel.LibraryType.SUBSCRIBED,
            subscription_info=info,
            **members,
        )
        return self.api.subscribed_libraries.create(create_spec=spec, client_token=token())

    def test_create_get_list_update_delete(self):
        service = self.api.subscribed_libraries
        library_id = self.make_subscribed(description="before")
        found = service.get(library_id)
        self.assertEqual(found.type, LibraryModel.LibraryType.SUBSCRIBED)
        self.assertEqual(found.subscription_info.subscription_url, "http://127.0.0.1:9/lib.json")
        self.assertFalse(found.subscription_info.automatic_sync_enabled)
        self.assertTrue(found.subscription_info.on_demand)
        self.assertIsNone(found.subscription_info.password)
        self.assertIn(library_id, service.list())
        self.assertIn(library_id, self.api.libraries.list())
        self.assertNotIn(library_id, self.api.local_libraries.list())
        service.update(library_id, LibraryModel(description="after"))
        self.assertEqual(service.get(library_id).description, "after")
        service.delete(library_id)
        self.refused(NotFound, service.get, library_id)

    def test_the_kinds_are_kept_apart(self):
        local, subscribed = self.make_library(), self.make_subscribed()
        change = LibraryModel(description="x")
        for service, wrong in (
            (self.api.local_libraries, subscribed),
            (self.api.subscribed_libraries, local),
        ):
            self.refused(InvalidElementType, service.get, wrong)
            self.refused(InvalidElementType, service.update, wrong, change)
            self.refused(InvalidElementType, service.delete, wrong)
        self.refused(InvalidElementType, self.api.subscribed_libraries.evict, local)
        self.refused(InvalidElementType, self.api.subscribed_libraries.sync, local)
        self.refused(InvalidElementType, self.make_item, subscribed)

    def test_unknown_ids_are_not_found(self):
        service, stranger = self.api.subscribed_libraries, str(uuid.uuid4())
        for call in (service.get, service.delete, service.evict, service.sync):
            self.refused(NotFound, call, stranger)
        self.refused(NotFound, service.update, stranger, LibraryModel(description="x"))

    def test_what_would_have_to_act_says_why_it_does_not(self):
        service = self.api.subscribed_libraries
        self.refused(Unsupported, service.sync, self.make_subscribed())

    def test_only_a_library_that_fetches_on_demand_can_be_evicted(self):
        service = self.api.subscribed_libraries
        service.evict(self.make_subscribed(on_demand=True))
        eager = self.make_subscribed(on_demand=False)
        self.refused(NotAllowedInCurrentState, service.evict, eager)

    def test_a_subscription_needs_its_address(self):
        spec = LibraryModel(
            name=fresh_name("subscribed"), type=LibraryModel.LibraryType.SUBSCRIBED
        )
        create = self.api.subscribed_libraries.create
        self.refused(InvalidArgument, create, create_spec=spec, client_token=token())

    def test_items_of_local_libraries_are_of_another_kind(self):
        item_id = self.make_item()
        self.refused(InvalidElementType, self.api.subscribed_items.evict, item_id)
        self.refused(InvalidElementType, self.api.subscribed_items.sync, item_id, False)

    def test_unknown_items_are_not_found(self):
        stranger = str(uuid.uuid4())
        self.refused(NotFound, self.api.subscribed_items.evict, stranger)
        self.refused(NotFound, self.api.subscribed_items.sync, stranger, True, True)


class SubscriptionsOfALibrary(LoggedIn):
    def make_published(self, password=None):
        method = PublishInfo.AuthenticationMethod
        info = PublishInfo(
            authentication_method=method.BASIC if password else method.NONE,
            published=True,
            persist_json_enabled=False,
            password=password,
        )
        return self.make_library(publish_info=info)

    def subscribe(self, library_id, name=None):
        """Subscribes with a new library on this server."""
        target = Subscriptions.CreateSpecSubscribedLibrary(
            target=Subscriptions.CreateSpecSubscribedLibrary.Target.CREATE_NEW,
            new_subscribed_library=Subscriptions.CreateSpecNewSubscribedLibrary(
                name=name or fresh_name("subscriber"),
                storage_backings=[DATASTORE],
                automatic_sync_enabled=False,
                on_demand=True,
            ),
            location=Subscriptions.Location.LOCAL,
        )
        spec = Subscriptions.CreateSpec(subscribed_library=target)
        return self.api.subscriptions.create(library_id, spec, client_token=token())

    def test_a_published_library_tells_where_and_hides_the_password(self):
        info = self.api.local_libraries.get(self.make_published("a long password")).publish_info
        self.assertTrue(info.published)
        self.assertTrue(info.publish_url.startswith("http"))
        self.assertEqual(info.authentication_method, "BASIC")
        self.assertIsNone(info.password)

    def test_create_get_list_update_delete(self):
        service = self.api.subscriptions
        library_id = self.make_published()
        self.assertEqual(service.list(library_id), [])
        name = fresh_name("subscriber")
        subscription = self.subscribe(library_id, name)
        [summary] = service.list(library_id)
        self.assertEqual(summary.subscription, subscription)
        self.assertEqual(summary.subscribed_library_name, name)
        found = service.get(library_id, subscription)
        self.assertEqual(found.subscribed_library, summary.subscribed_library)
        self.assertEqual(found.subscribed_library_location, Subscriptions.Location.LOCAL)
        self.assertIsNone(found.subscribed_library_vcenter)
        subscriber = self.api.subscribed_libraries.get(summary.subscribed_library)
        self.assertEqual(subscriber.subscription_info.source_info.subscription, subscription)
        self.assertEqual(subscriber.subscription_info.source_info.source_library, library_id)
        [backing] = subscriber.storage_backings
        self.assertEqual((backing.type, backing.datastore_id), ("DATASTORE", "datastore-15"))
        place = Subscriptions.UpdateSpecPlacement(folder="group-v1")
        change = Subscriptions.UpdateSpec(subscribed_library_placement=place)
        service.update(library_id, subscription, change)
        found = service.get(library_id, subscription)
        self.assertEqual(found.subscribed_library_placement.folder, "group-v1")
        service.delete(library_id, subscription)
        self.assertEqual(service.list(library_id), [])
        self.refused(NotFound, service.get, library_id, subscription)
        self.assertIsNone(
            self.api.subscribed_libraries.get(summary.subscribed_library)
            .subscription_info.source_info
        )

    def test_publishing_to_nobody_is_done_at_once_and_to_somebody_is_refused(self):
        library_id = self.make_published()
        item_id = self.make_item(library_id)
        self.api.local_libraries.publish(library_id)
        self.api.items.publish(item_id, False)
        self.subscribe(library_id)
        self.refused(Unsupported, self.api.local_libraries.publish, library_id)
        self.refused(Unsupported, self.api.items.publish, item_id, False)

    def test_a_library_that_is_not_published_has_no_subscriptions(self):
        library_id = self.make_library()
        for call in (self.api.subscriptions.list, self.subscribe):
            self.refused(NotAllowedInCurrentState, call, library_id)
        self.refused(NotAllowedInCurrentState, self.api.local_libraries.publish, library_id)

    def test_unknown_ids_are_not_found(self):
        service, stranger = self.api.subscriptions, str(uuid.uuid4())
        self.refused(NotFound, service.list, stranger)
        self.refused(NotFound, self.subscribe, stranger)
        library_id = self.make_published()
        self.refused(NotFound, service.get, library_id, stranger)
        self.refused(NotFound, service.delete, library_id, stranger)
        change = Subscriptions.UpdateSpec()
        self.refused(NotFound, service.update, library_id, stranger, change)
