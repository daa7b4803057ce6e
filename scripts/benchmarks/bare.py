"""The baselines: the least Flask program that can do each thing, for the same gunicorn, database, driver and pool."""

import os
from typing import Any

import orjson
from flask import Flask, Response, request
from flask_sock import Sock

from hub.ai.clients import Endpoint, client
from hub.lib import clock, ids
from hub.models.base import db, release
from hub.services.start import start
from hub.settings import Settings
from scripts.benchmarks import statements

app = Flask(__name__)
app.config["SOCK_SERVER_OPTIONS"] = {"ping_interval": 25}
_sock = Sock(app)
_settings = start(Settings.load(os.environ))


@app.get("/hello")
def hello() -> str:
    return "hello"


@_sock.route("/echo")
def echo(ws: Any) -> None:
    while True:
        ws.send(ws.receive())


@_sock.route("/ask")
def ask(ws: Any) -> None:
    """The question goes to the model as it is, the answer back as it comes."""
    model = client(Endpoint(_settings.openai_base_url, _settings.openai_api_key, _settings.openai_model))
    while True:
        said = model.chat.completions.create(model=_settings.openai_model,
                                             messages=[{"role": "user", "content": ws.receive()}])
        ws.send(said.choices[0].message.content)


@app.post("/insert")
def insert() -> Response:
    body = orjson.loads(request.get_data())
    values = (str(ids.uuid7()), clock.now(), 1, 1, 1, 1, "customer", "", body["text"], "text", "[]", "[]",
              body["clientId"], "received")
    db.execute_sql(statements.insert(db.param), values)
    release()
    return Response(orjson.dumps({"id": values[0]}), 201, mimetype="application/json")


@app.get("/rows/<int:tenant>")
def rows(tenant: int) -> Response:
    found = db.execute_sql(statements.rows(db.param), (tenant,)).fetchall()
    release()
    return Response(orjson.dumps(found), mimetype="application/json")
