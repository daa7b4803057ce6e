"""A customer's page on another origin, under the strictest policy that lets the widget's hub in."""

from flask import Flask, Response, request

HEAD = '<!doctype html><html lang="ru"><meta name="viewport" content="width=device-width"><title>Прокат</title>'
BODY = '<h1>Прокат</h1><a href="/two">Дальше</a>'


def create_page(hub_url: str) -> Flask:
    """Every path is such a page; `?locale=` and `?theme=` become the tag's data attributes."""
    app = Flask("page", static_folder=None)
    live = hub_url.replace("http", "ws", 1)
    policy = (f"default-src 'none'; script-src {hub_url}; connect-src {hub_url} {live}; base-uri 'none'; "
              "require-trusted-types-for 'script'; trusted-types parley")

    @app.get("/", defaults={"path": ""})
    @app.get("/<path>")
    def page(path: str) -> Response:
        told = "".join(f' data-{name}="{value}"' for name, value in request.args.items())
        tag = f'<script src="{hub_url}/widget.js" data-site="demo"{told} async></script>'
        return Response(HEAD + tag + BODY, mimetype="text/html", headers={"Content-Security-Policy": policy})

    return app
