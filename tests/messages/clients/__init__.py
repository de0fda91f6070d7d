"""Owns the list of clients whose form we write, by name. Each takes a Letter and gives a Body; none sees a case."""

from __future__ import annotations

from collections.abc import Callable

from tests.messages.clients import apple, desktop, google, microsoft, mozilla, office, phones, webmail
from tests.messages.letter import Body, Letter

CLIENTS: dict[str, Callable[[Letter], Body]] = {
    "gmail-web": google.web,
    "gmail-app": google.app,
    "outlook-desktop": microsoft.desktop,
    "outlook-web": microsoft.web,
    "outlook-mobile": microsoft.mobile,
    "outlook-mac": microsoft.mac,
    "apple-mail": apple.mail,
    "iphone": apple.iphone,
    "thunderbird-top": mozilla.top,
    "thunderbird-bottom": mozilla.bottom,
    "thunderbird-html": mozilla.html,
    "k9": mozilla.k9,
    "samsung": phones.samsung,
    "android-outdated": phones.android,
    "gmx": webmail.gmx,
    "yahoo": webmail.yahoo,
    "proton": webmail.proton,
    "orange": webmail.orange,
    "seznam": webmail.seznam,
    "wp": webmail.wp,
    "yandex": webmail.yandex,
    "roundcube": webmail.roundcube,
    "zimbra": office.zimbra,
    "notes": office.notes,
    "groupwise": office.groupwise,
    "neomutt": desktop.neomutt,
    "claws": desktop.claws,
    "evolution": desktop.evolution,
}

FIELDS: dict[str, tuple[tuple[str, str], ...]] = {
    "outlook-desktop": (
        ("Thread-Index", "AdxZ0cJq5n1o7wV2Qk2m3Zr0tQxL9A=="),
        ("X-MS-Has-Attach", ""),
        ("Accept-Language", "{ui}"),
    ),
    "outlook-web": (("Thread-Index", "AQHcWdHCauZ9aO8FdkJNpt2a9LUMSw=="), ("X-MS-Has-Attach", "")),
    "outlook-mobile": (("Thread-Index", "AQHcWdHCauZ9aO8FdkJNpt2a9LUMSw=="),),
    "outlook-mac": (("User-Agent", "Microsoft-MacOutlook/16.103.25110922"),),
    "apple-mail": (("X-Mailer", "Apple Mail (2.3864.200.81.1.6)"),),
    "iphone": (("X-Mailer", "iPhone Mail (23B85)"),),
    "thunderbird-top": (("User-Agent", "Mozilla Thunderbird"), ("Content-Language", "{ui}")),
    "thunderbird-bottom": (("User-Agent", "Mozilla Thunderbird"), ("Content-Language", "{ui}")),
    "thunderbird-html": (("User-Agent", "Mozilla Thunderbird"), ("Content-Language", "{ui}")),
    "k9": (("User-Agent", "K-9 Mail for Android"),),
    "gmx": (("X-Priority", "3"), ("Importance", "normal"), ("X-UI-Message-Type", "mail")),
    "yahoo": (("X-Mailer", "WebService/1.1.24652 YMailNovation"),),
    "proton": (("Feedback-ID", "1093542:user:proton"),),
    "yandex": (("X-Mailer", "Yamail [ http://yandex.ru ] 5.0"),),
    "roundcube": (("User-Agent", "Roundcube Webmail/1.6.9"),),
    "zimbra": (
        ("X-Mailer", "Zimbra 10.1.1_GA_4655 (ZimbraWebClient - FF132 (Linux)/10.1.1_GA_4660)"),
        ("Thread-Topic", "{subject}"),
    ),
    "notes": (
        ("X-Mailer", "HCL Notes Release 12.0.2 November 03, 2022"),
        ("X-KeepSent", "51A2B3C4:00482D1E-C1258C6B:0031F0A7; type=4; name=$KeepSent"),
    ),
    "groupwise": (("X-Mailer", "GroupWise Internet Agent 24.2.0"),),
    "neomutt": (("User-Agent", "NeoMutt/20250510"),),
    "claws": (("X-Mailer", "Claws Mail 4.3.1 (GTK 3.24.49; x86_64-pc-linux-gnu)"),),
    "evolution": (("User-Agent", "Evolution 3.56.1-1 "),),
}
