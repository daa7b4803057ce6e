"""What a browser calls itself, in the two words that people know it by. A hint for its owner, no proof of anything."""

# The first that is found counts: most browsers name others as well.
_BROWSERS = (("YaBrowser/", "Yandex"), ("Edg", "Edge"), ("OPR/", "Opera"), ("SamsungBrowser/", "Samsung Internet"),
             ("Firefox/", "Firefox"), ("FxiOS/", "Firefox"), ("Chrome/", "Chrome"), ("CriOS/", "Chrome"),
             ("Safari/", "Safari"))
_SYSTEMS = (("Android", "Android"), ("iPhone", "iPhone"), ("iPad", "iPad"), ("Windows", "Windows"),
            ("Mac OS X", "macOS"), ("CrOS", "ChromeOS"), ("Linux", "Linux"))


def words(said: str) -> str:
    """`Chrome, Windows`; what is known of neither is shown as it came."""
    found = [next((word for mark, word in table if mark in said), "") for table in (_BROWSERS, _SYSTEMS)]
    return ", ".join(filter(None, found)) or said
