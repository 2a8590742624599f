"""Valid values of each row that differ from the built-in one, for the tests of policies."""

from __future__ import annotations

from ui.settings.setting import Setting, Value

VALUES: dict[str, tuple[Value, ...]] = {
    "language": ("pt", "de"),
    "theme": ("dark", "light"),
    "more_contrast": (True,),
    "picture_in_toast": (False,),
    "quiet": (True,),
    "remind_after_hours": (4, 24),
    "remind_at": (("09:00",), ("13:30", "17:00")),
    "count_input": (False,),
    "start_at_login": (True,),
    "shortcut": ("Ctrl+Alt+R",),
    "pictures_show": ("pointer",),
    "masked_applications": (("KeePassXC",), ("Signal", "Vault")),
    "masked_regions": (("0,0 10x10",), ("5,5 20x20",)),
    "minimum_review_s": (120, 600),
    "shown_windows": ("listed",),
    "shown_applications": (("Code",),),
    "picture_blur": ("light", "strong"),
    "contract_rules": ({"a" * 22: {"picture_blur": "strong"}},),
    "disk_share_gb": (1, 1000),
    "marketplace": ("https://work.example.org",),
    "network": ("manual", "pac", "none"),
    "proxy": ("http://proxy.example:3128",),
    "proxy_user": ("ana",),
    "proxy_script": ("http://proxy.example/proxy.pac",),
    "certificate_authority": ("/etc/ssl/acme.pem",),
    "update_channel": ("off", "preview"),
    "update_server": ("https://mirror.example/workdiary", "https://mirror.example:8443"),
    "close_explained": (True,),
}


def allowed_values(row: Setting) -> tuple[Value, ...]:
    """The values of `VALUES` that a policy may set."""
    return tuple(value for value in VALUES[row.name] if not row.policy or value in row.policy)
