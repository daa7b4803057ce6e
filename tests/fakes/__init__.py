"""Fake providers for the tests: all that the hub calls out to, behind one real port, with modes and a ledger.

    with FakeServer() as fake:                     a thread of this process, on a free port
    with FakeProcess() as fake:                    a process of its own; kills of the stack do not touch it
    fake = FakeClient("http://127.0.0.1:9999")     one that already runs: python -m tests.fakes --port 9999

        fake.openai_url                            base URL for an OpenAI client
        fake.channel_url("shop")                   where a custom channel named "shop" posts to
        fake.mode("openai", "500", times=2)        two failures, then fine again
        fake.mode("openai", "429", key="sk-a", retry_after_s=3)
        fake.mode("openai", "hang", path="/embeddings")
        fake.answer("openai", {"text": "Hello"})   the next chat answer; also raw text or {"tool_calls": […]}
        fake.answer("openai", "…", when="refund", times=None)      whenever a request contains "refund"
        fake.options("channel", "shop", secret="s3cret", idempotent=False)
        fake.mode("openai", "hold"); fake.wait_for("openai"); fake.release("openai")     a race, no sleeping
        fake.calls("openai", path="chat")          list[Call], oldest first; see `ledger.Call`
        fake.load()                                {"openai": {"active": 0, "peak": 7}}
        fake.reset()                               forget all; calls in progress are cut

Nothing is patched: clients speak HTTP to it. Everything said by Python goes over the control API, so a script
in any language can say it too (JSON; 400 {"error"} for what does not exist, otherwise {"ok": true}):

    POST /_control/mode      {"provider", "name", "times"?, "delay_s"?, "key"?, "path"?, "retry_after_s"?}
    POST /_control/answer    {"provider", "value", "key"?, "when"?, "times"?, "status"?}
    POST /_control/options   {"provider", "key", "options": {…}}
    POST /_control/release   {"provider"}
    POST /_control/reset
    GET  /_control/calls?provider=&path=&after=         {"calls": […], "load": {…}}

Modes of every provider are in `modes.COMMON` and `modes.STATUSES`; those of one provider in its class.

Files: server (routing, modes, control), client (this Python face), wire (HTTP bytes), modes (rules and queued
answers), ledger, provider (what a provider is), openai with openai_chat and openai_vectors, custom_channel.
One more provider is one more file with one class, and a line in `server.PROVIDERS`.
"""
from tests.fakes.client import FakeClient, FakeProcess, FakeServer
from tests.fakes.custom_channel import signature, signed
from tests.fakes.ledger import Call

__all__ = ["Call", "FakeClient", "FakeProcess", "FakeServer", "signature", "signed"]
