"""Behind one proxy or several: the address that the visitor typed and the address that the visitor has."""

from typing import Any

import pytest
from werkzeug.test import Client as Wsgi
from werkzeug.wrappers import Request, Response

from hub.lib.proxies import Proxies
from tests.factories import PASSWORD, People


@Request.application
def _seen(request: Request) -> Response:
    return Response(f"{request.remote_addr} {request.host_url}")


def seen(hops: int, **headers: str) -> str:
    """"address https://host/" as the hub sees a request of 10.0.0.9 (the nearest proxy) for http://hub:5000."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return Wsgi(Proxies(_seen, hops)).get("/", base_url="http://hub:5000", headers=named,
                                          environ_overrides={"REMOTE_ADDR": "10.0.0.9"}).text


@pytest.mark.parametrize(("headers", "expect"), [
    ({}, "10.0.0.9 http://hub:5000/"),
    ({"Host": "desk.example", "X_Forwarded_Proto": "https", "X_Forwarded_Host": "desk.example",
      "X_Forwarded_Port": "8443"}, "10.0.0.9 https://desk.example:8443/"),
    ({"Host": "desk.example", "X_Forwarded_Proto": "https", "X_Forwarded_Port": "8443"},
     "10.0.0.9 https://desk.example:8443/"),
    ({"Host": "desk.example:8443", "X_Forwarded_Proto": "HTTPS"}, "10.0.0.9 https://desk.example:8443/"),
    ({"X_Forwarded_Host": "desk.example:8443", "X_Forwarded_Proto": "https", "X_Forwarded_Port": "443"},
     "10.0.0.9 https://desk.example:8443/"),
    ({"Host": "desk.example", "X_Forwarded_Proto": "https", "X_Forwarded_Port": "443"}, "10.0.0.9 https://desk.example/"),
    ({"Host": "desk.example", "X_Forwarded_Proto": "https", "X_Forwarded_Port": "80"}, "10.0.0.9 https://desk.example/"),
    ({"Host": "[2001:db8::1]", "X_Forwarded_Proto": "https", "X_Forwarded_Port": "8443"},
     "10.0.0.9 https://[2001:db8::1]:8443/"),
    ({"X_Forwarded_For": "203.0.113.5"}, "203.0.113.5 http://hub:5000/"),
    ({"X_Forwarded_For": "198.51.100.1, 203.0.113.5"}, "203.0.113.5 http://hub:5000/"),
    ({"X_Forwarded_For": "203.0.113.5:51234"}, "203.0.113.5 http://hub:5000/"),
    ({"X_Forwarded_For": "[2001:db8::7]:51234"}, "2001:db8::7 http://hub:5000/"),
    ({"X_Forwarded_For": "unknown"}, "10.0.0.9 http://hub:5000/"),
    ({"X_Forwarded_For": ""}, "10.0.0.9 http://hub:5000/"),
    ({"X_Forwarded_Proto": "javascript", "X_Forwarded_Host": "a b/c", "X_Forwarded_Port": "x"},
     "10.0.0.9 http://hub:5000/"),
])
def test_one_proxy_is_believed(headers: dict[str, str], expect: str) -> None:
    assert seen(1, **headers) == expect


@pytest.mark.parametrize(("given", "expect"), [
    ("203.0.113.5, 10.0.0.1", "203.0.113.5"), ("6.6.6.6, 203.0.113.5, 10.0.0.1", "203.0.113.5"),
    ("203.0.113.5", "203.0.113.5")])
def test_of_two_proxies_the_outer_one_knows_the_visitor(given: str, expect: str) -> None:
    assert seen(2, X_Forwarded_For=given, X_Forwarded_Host="desk.example", X_Forwarded_Proto="https, http",
                X_Forwarded_Port="8443") == f"{expect} https://desk.example:8443/"


def test_a_person_signs_in_through_a_proxy_on_a_port_of_its_own(app: Any, people: People) -> None:
    page = {"Host": "desk.example", "X-Forwarded-Host": "desk.example", "X-Forwarded-Port": "8443",
            "X-Forwarded-Proto": "https", "Origin": "https://desk.example:8443"}
    body = {"email": people.alice.email, "password": PASSWORD}
    http = Wsgi(Proxies(app.wsgi_app, 1))
    assert http.post("/auth/login", base_url="https://desk.example", json=body, headers=page).status_code == 200
    for port, expect in (("8443", 200), ("8444", 403)):
        answer = http.patch("/api/tenant", json={"language": "en"}, base_url="https://desk.example",
                            headers={**page, "Origin": f"https://desk.example:{port}"})
        assert answer.status_code == expect, answer.text
