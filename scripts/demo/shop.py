"""The demo shop: a small site that carries the widget the way any business would, under a strict policy.

`python -m scripts.demo.shop --port N --host 127.0.0.1 --hub URL --site TOKEN` serves it until SIGTERM.
"""

import argparse
import signal
from typing import Any, cast
from urllib.parse import urlsplit

import gevent
from flask import (
    Blueprint,
    Flask,
    Response,
    abort,
    current_app,
    g,
    redirect,
    render_template,
    request,
    url_for,
)
from flask.typing import ResponseReturnValue
from gevent.pywsgi import WSGIServer
from jinja2 import StrictUndefined
from markdown_it import MarkdownIt
from markupsafe import Markup

from scripts.demo.content import Article, Product
from scripts.demo.pictures import palette
from scripts.demo.shelf import LANGUAGES, Shelf, price, slug, whole

ON_DELIVERY_PAGE = ("delivery-cost", "payment-methods", "courier-delivery", "pickup-points")
POPULAR_HELP = ("delivery-cost", "returns", "size-clothing", "order-tracking", "size-exchange", "gift-cards")
HELP_GROUPS = ("shipping", "returns", "faq", "general", "policy")
MINUTES_10 = 600

pages = Blueprint("pages", __name__, url_prefix="/<any(ru, en):language>")
markdown = MarkdownIt("commonmark", {"html": False}).enable("table")


def create_shop(hub_url: str, site_token: str) -> Flask:
    """The shop as a Flask app whose pages load the widget of site `site_token` from the hub at `hub_url`.

    Raises ValueError when `hub_url` is no http(s) address: the widget would never load, and quietly.
    """
    hub = hub_origin(hub_url)
    app = Flask(__name__, template_folder="shop", static_folder="shop/static")
    app.jinja_env.undefined = StrictUndefined
    app.config.update(HUB=hub, SITE=site_token, SHELF=Shelf())
    app.jinja_env.filters.update(price=price, slug=slug, whole=whole)
    app.register_blueprint(pages)
    app.add_url_rule("/", view_func=choose_language)
    app.add_url_rule("/healthz", view_func=healthz)
    app.add_url_rule("/images/<sku>.svg", view_func=picture)
    app.add_url_rule("/images/<any(day, night):scene>/<sku>.svg", endpoint="scene_picture", view_func=picture)
    app.register_error_handler(404, missing)
    app.after_request(with_headers)
    return app


def shelf() -> Shelf:
    """The shelf of the running app."""
    return cast(Shelf, current_app.config["SHELF"])


def hub_origin(url: str) -> str:
    """"https://hub.example/any/path" -> "https://hub.example": what the policy and the script tag name."""
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.netloc:
        raise ValueError(f"the hub's address must look like https://hub.example, not {url!r}")
    return f"{parts.scheme}://{parts.netloc}"


def content_policy(hub: str) -> str:
    """The Content-Security-Policy of every page: own files and the hub; no inline script or style."""
    live = hub.replace("http", "ws", 1)  # https -> wss: the widget's WebSocket
    return (
        f"default-src 'none'; script-src 'self' {hub}; connect-src {hub} {live}; style-src 'self'; "
        f"img-src 'self' {hub} data:; font-src 'self'; "
        "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    )


def with_headers(response: Response) -> Response:
    """The policy and its companions on every answer, errors too."""
    response.headers["Content-Security-Policy"] = content_policy(current_app.config["HUB"])
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Referrer-Policy"] = "strict-origin-when-cross-origin"
    return response


def choose_language() -> ResponseReturnValue:
    """To the visitor's language; Russian when the browser asks for neither."""
    return redirect(f"/{request.accept_languages.best_match(LANGUAGES, default='ru')}/")


def healthz() -> ResponseReturnValue:
    """200 as soon as the shop serves."""
    return {"ok": True}


def picture(sku: str, scene: str = "day") -> ResponseReturnValue:
    """A product drawn from the template of its shape, for the light or the dark page."""
    product = shelf().by_sku.get(sku) or abort(404)
    art = product["art"]
    drawing = render_template(
        "art/frame.svg", c=palette(art["palette"], scene), shape=art["shape"], title=product["name"]["en"]
    )
    response = Response(drawing, mimetype="image/svg+xml")
    response.cache_control.max_age = MINUTES_10
    return response


def missing(error: Exception) -> ResponseReturnValue:
    """A page that leads back to the goods; in Russian when the address names no language."""
    code = request.path.split("/")[1]
    g.language = code if code in LANGUAGES else "ru"
    return page("missing"), 404


@pages.url_value_preprocessor
def read_language(endpoint: str | None, values: dict[str, Any] | None) -> None:
    """Takes the language out of the address, so that no page function has to."""
    g.language = (values or {}).pop("language")


@pages.url_defaults
def keep_language(endpoint: str, values: dict[str, Any]) -> None:
    """Links stay in the visitor's language unless they name another."""
    values.setdefault("language", g.language)


def page(name: str, **values: Any) -> str:
    """A page from its template, with what every page shows beside its own values."""
    common = {
        "lang": g.language, "t": shelf().texts[g.language], "elsewhere": elsewhere(), "current": name,
        "shop": shelf().business, "sections": shelf().sections,
        "titles": {a.slug: a.title for a in shelf().articles[g.language].values()},
        "hub": current_app.config["HUB"], "site": current_app.config["SITE"],
    }
    return render_template(f"pages/{name}.html", **common, **values)


def elsewhere() -> str:
    """The address of this page in the other language; its start page when this address leads nowhere."""
    other = "en" if g.language == "ru" else "ru"
    if not request.endpoint or not request.endpoint.startswith("pages."):
        return f"/{other}/"
    return url_for(request.endpoint, **{**(request.view_args or {}), "language": other})


@pages.get("/")
def home() -> ResponseReturnValue:
    """The first thing a visitor sees."""
    featured = [p for p in shelf().products if p["featured"]]
    covers = {slug(p["category"]["en"]): p for p in reversed(featured)}
    return page("home", covers=covers, featured=featured, help=pick(POPULAR_HELP))


@pages.get("/catalogue/", defaults={"section": ""})
@pages.get("/catalogue/<section>/")
def catalogue(section: str) -> ResponseReturnValue:
    """All goods, or those of one section."""
    goods = shelf().in_section(section) or abort(404)
    return page("catalogue", section=section, goods=goods)


@pages.get("/items/<item>/")
def product(item: str) -> ResponseReturnValue:
    """One product, with others of its section beside it."""
    found = shelf().by_slug.get(item) or abort(404)
    section = slug(found["category"]["en"])
    others = [p for p in shelf().in_section(section) if p is not found][:4]
    return page("product", item=found, section=section, others=others)


@pages.get("/delivery/")
def delivery() -> ResponseReturnValue:
    """Delivery and payment: the help articles themselves, so the page can never say something else."""
    return page("delivery", parts=[(a, text_of(a)) for a in pick(ON_DELIVERY_PAGE)])


@pages.get("/about/")
def about() -> ResponseReturnValue:
    """The story, the two shops and the people."""
    return page("about")


@pages.get("/cart/")
def cart() -> ResponseReturnValue:
    """The cart; its contents live in the browser, the page brings the goods they refer to."""
    return page("cart", goods={p["sku"]: cart_line(p) for p in shelf().products})


def cart_line(item: Product) -> dict[str, Any]:
    """What the cart's script must know of a product."""
    address = url_for("pages.product", item=slug(item["name"]["en"]))
    sale = item["old_price"] is not None
    name = item["name"][g.language]
    return {"name": name, "price": item["price"], "sale": sale, "url": address, "image": item["image"]}


@pages.get("/help/")
def help_index() -> ResponseReturnValue:
    """All help articles under their categories."""
    groups: dict[str, list[Article]] = {key: [] for key in HELP_GROUPS}
    for article in shelf().articles[g.language].values():
        groups[article.category].append(article)
    return page("help", groups=groups)


@pages.get("/help/<topic>/")
def help_article(topic: str) -> ResponseReturnValue:
    """One help article; the assistant's sources link here."""
    article = shelf().articles[g.language].get(topic) or abort(404)
    near = [a for a in shelf().articles[g.language].values() if a.category == article.category]
    return page("article", article=article, text=text_of(article), near=near)


def pick(slugs: tuple[str, ...]) -> list[Article]:
    """Articles by name, in the visitor's language."""
    return [shelf().articles[g.language][name] for name in slugs]


def text_of(article: Article) -> Markup:
    """An article as HTML; raw HTML in it stays text, because the renderer's `html` is off."""
    return Markup(markdown.render(whole(article.text)))


def main() -> None:
    """Serves the shop until SIGTERM or Ctrl-C, then lets open requests finish."""
    parser = argparse.ArgumentParser(prog="python -m scripts.demo.shop", description="Parley's demo shop")
    parser.add_argument("--port", type=int, required=True, help="0 takes a free one")
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--hub", required=True, help="address of the hub, for example http://127.0.0.1:8000")
    parser.add_argument("--site", required=True, help="site token of the widget")
    args = parser.parse_args()
    server = WSGIServer((args.host, args.port), create_shop(args.hub, args.site), log=None)
    for name in (signal.SIGTERM, signal.SIGINT):
        gevent.signal_handler(name, server.stop, timeout=2)
    server.start()
    print(f"demo shop on http://{args.host}:{server.server_port}", flush=True)
    server.serve_forever()


if __name__ == "__main__":
    main()
