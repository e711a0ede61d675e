from tests.house.conftest import CHECKOUT


def test_every_static_file_names_files_that_are_there(home, tmp_path):
    production = {
        "KAM_ENV": "production",
        "KAM_STATIC": str(tmp_path / "static"),
        "SECRET_KEY": "none",
        "ALLOWED_HOSTS": "none",
        "SITE_URL": "https://none",
        "DATABASE_URL": "postgres://none/none",
        "REDIS_URL": "redis://none",
        "EMAIL_URL": "smtp://none",
        "DEFAULT_FROM_EMAIL": "none",
    }

    collected = home.manage("collectstatic", "--no-input", env=home.environment | production)

    assert collected.returncode == 0, collected.stderr
    assert (tmp_path / "static" / "staticfiles.json").exists()


def test_what_is_copied_is_what_is_named():
    named = (CHECKOUT / "vendor.txt").read_text().split()
    vendor = CHECKOUT / "build" / "vendor"

    copied = [str(path.relative_to(vendor)) for path in vendor.rglob("*") if path.is_file()]

    assert sorted(copied) == sorted(named)
    assert all((vendor / name).stat().st_size for name in named)
