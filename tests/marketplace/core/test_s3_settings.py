"""The address of the object store for pictures."""

from __future__ import annotations

from pathlib import Path

import pytest

from marketplace.core.storage_settings.s3 import S3Settings, S3SettingsError


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("s3://pictures", S3Settings("pictures")),
        ("s3://pictures/a/b", S3Settings("pictures", "a/b/")),
        ("s3://pictures/a/b/?region=eu-1", S3Settings("pictures", "a/b/", region="eu-1")),
        (
            "s3://pictures?endpoint=https://s3.example:8443/&ca-file=/etc/ca.pem",
            S3Settings(
                "pictures", "", "https://s3.example:8443", path_style=True,
                ca_file=Path("/etc/ca.pem"),
            ),
        ),
        (
            "s3://pictures?endpoint=https://s3.example&path-style=no",
            S3Settings("pictures", "", "https://s3.example"),
        ),
        (
            "s3://pictures?endpoint=http://[::1]:9000",
            S3Settings("pictures", "", "http://[::1]:9000", path_style=True),
        ),
        (
            "s3://pictures?endpoint=http://127.0.0.1:9000&upload-endpoint=https://s3.example/",
            S3Settings(
                "pictures", "", "http://127.0.0.1:9000", path_style=True,
                upload_endpoint="https://s3.example",
            ),
        ),
    ],
)  # fmt: skip
def test_an_address_is_read(url: str, expected: S3Settings) -> None:
    assert S3Settings.parse(url, {}) == expected


def test_the_bucket_is_in_the_path_or_in_the_host_name_of_an_address() -> None:
    by_path = S3Settings("pictures", path_style=True)
    by_name = S3Settings("pictures")
    endpoint = "https://s3.example:8443"
    assert by_path.address(endpoint) == "https://s3.example:8443/pictures"
    assert by_name.address(endpoint) == "https://pictures.s3.example:8443"


def test_endpoint_and_region_default_to_the_variables_of_other_programs() -> None:
    variables = {
        "AWS_ENDPOINT_URL": "https://all.example",
        "AWS_ENDPOINT_URL_S3": "https://s3.example",
        "AWS_REGION": "",
        "AWS_DEFAULT_REGION": "eu-west-1",
    }
    read = S3Settings.parse("s3://pictures/p", variables)
    assert (read.endpoint, read.region, read.path_style) == (
        "https://s3.example",
        "eu-west-1",
        True,
    )
    given = "s3://pictures/p?endpoint=https://own.example&region=local&path-style=no"
    read = S3Settings.parse(given, variables)
    assert (read.endpoint, read.region, read.path_style) == ("https://own.example", "local", False)


@pytest.mark.parametrize(
    "url",
    [
        "",
        "pictures",
        "file:///pictures",
        "s3://",
        "s3:///prefix",
        "s3://UPPER",
        "s3://ab",
        "s3://key:s3cr3t@pictures/prefix",
        "s3://pictures:9000",
        "s3://pictures/a//b",
        "s3://pictures/a/../b",
        "s3://pictures/.",
        "s3://pictures/a b",
        "s3://pictures/" + "a" * 300,
        "s3://pictures/" + "a/" * 9,
        "s3://pictures#part",
        "s3://pictures?secret=s3cr3t",
        "s3://pictures?region=a&region=b",
        "s3://pictures?region=a/b",
        "s3://pictures?path-style=maybe",
        "s3://pictures?endpoint=s3.example",
        "s3://pictures?endpoint=http://s3.example",
        "s3://pictures?endpoint=https://key:s3cr3t@s3.example",
        "s3://pictures?upload-endpoint=http://s3.example",
        "s3://pictures?upload-endpoint=",
        "s3://pictures?endpoint=https://s3.example/path",
        "s3://pictures?endpoint=https://s3.example:port",
        "s3://pictures?endpoint=https://s3.example:99999",
        "s3://[",
    ],
)
def test_a_malformed_address_is_refused_without_repeating_it(url: str) -> None:
    with pytest.raises(S3SettingsError) as caught:
        S3Settings.parse(url, {})
    assert "s3cr3t" not in str(caught.value)
    assert caught.value.__cause__ is None
