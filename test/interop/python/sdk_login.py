"""The login service: user and password, then the id in the body of each call."""

import datetime
import re

import requests
from com.vmware.vapi.std.errors_client import Unauthenticated

from sdk_connection import BYTES_SECONDS, PASSWORD, URL, USER, Connection, LoggedIn


class Login(LoggedIn):
    def test_create_answers_an_id_of_word_characters(self):
        self.assertTrue(re.fullmatch(r"[0-9a-f]{32}", self.session_id), self.session_id)

    def test_get_tells_user_and_times_with_their_zone(self):
        info = self.api.session.get()
        self.assertIn("administrator", info.user)
        for time in (info.created_time, info.last_accessed_time):
            self.assertIsInstance(time, datetime.datetime)
        now = datetime.datetime.now(datetime.timezone.utc).replace(tzinfo=info.created_time.tzinfo)
        self.assertLess(abs((now - info.created_time).total_seconds()), 600)
        self.assertLessEqual(info.created_time, info.last_accessed_time)

    def test_a_wrong_password_is_unauthenticated(self):
        stranger = Connection()
        stranger.use_password(password="wrong")
        self.refused(Unauthenticated, stranger.session.create)

    def test_an_unknown_user_is_unauthenticated(self):
        stranger = Connection()
        stranger.use_password(user="nobody")
        self.refused(Unauthenticated, stranger.session.create)

    def test_without_a_login_everything_is_unauthenticated(self):
        stranger = Connection()
        for call in (stranger.session.get, stranger.libraries.list, stranger.session.delete):
            error = self.refused(Unauthenticated, call)
            self.assertTrue(error.challenge, "the challenge says how to log in")

    def test_an_id_that_was_never_given_is_unauthenticated(self):
        stranger = Connection()
        stranger.use_session("0" * 32)
        self.refused(Unauthenticated, stranger.libraries.list)

    def test_delete_ends_the_login_and_no_other(self):
        other = Connection()
        other.login()
        other.libraries.list()
        other.session.delete()
        self.refused(Unauthenticated, other.libraries.list)
        self.refused(Unauthenticated, other.session.delete)
        self.api.libraries.list()

    def test_two_connections_share_one_id(self):
        other = Connection()
        other.use_session(self.session_id)
        self.assertEqual(other.session.get().user, self.api.session.get().user)

    def test_the_id_is_good_on_the_other_forms(self):
        for path in ("/api/content/library", "/rest/com/vmware/content/library"):
            headers = {"vmware-api-session-id": self.session_id}
            reply = requests.get(URL + path, headers=headers, timeout=BYTES_SECONDS)
            self.assertEqual(reply.status_code, 200, path)

    def test_an_id_of_another_form_is_good_here(self):
        login = requests.post(URL + "/api/session", auth=(USER, PASSWORD), timeout=BYTES_SECONDS)
        other = Connection()
        other.use_session(login.json())
        self.assertEqual(other.session.get().user, self.api.session.get().user)
        other.session.delete()
