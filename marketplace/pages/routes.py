"""The addresses of the pages.

Each page has its own module; `marketplace.review` decides which account may see what.
"""

from __future__ import annotations

from fastapi import APIRouter
from fastapi.responses import HTMLResponse

from marketplace.http.language import choose_language
from marketplace.pages import day, files, home, privacy, slot
from marketplace.pages.account import (
    authorize,
    company,
    devices,
    oidc,
    passkeys,
    people,
    personal_data,
    profile,
    public,
    recovery,
    sign_in,
    tokens,
    views,
    webhooks,
)
from marketplace.pages.downloads import files as hours_files
from marketplace.pages.downloads import reports, weekly
from marketplace.pages.weeks import decisions, month, week


def router() -> APIRouter:
    """All routes of the pages; include it in the application once."""
    routes = APIRouter(default_response_class=HTMLResponse, include_in_schema=False)
    # Before the route with a code, which would match them.
    routes.get("/signin/oidc")(oidc.begin)
    routes.post("/signin/passkey/options")(passkeys.sign_in_options)
    routes.post("/signin/passkey")(passkeys.sign_in)
    routes.get("/signin/{code}")(sign_in.sign_in_page)
    routes.post("/signin/{code}")(sign_in.sign_in)
    routes.get("/signin")(sign_in.sign_in_form)
    routes.post("/signin")(sign_in.sign_in_with_password)
    routes.get("/oauth/authorize")(authorize.authorize_page)
    routes.post("/oauth/authorize")(authorize.authorize)
    routes.post("/signout")(sign_in.sign_out)
    routes.post("/language")(choose_language)
    routes.get("/")(home.home)
    routes.get("/approve")(home.approve_page)
    routes.post("/approve")(home.approve)
    routes.get("/devices")(devices.devices_page)
    routes.get("/views")(views.views_page)
    routes.get("/devices/{kid}/stop")(devices.stop_page)
    routes.post("/devices/{kid}/stop")(devices.stop_device)
    routes.get("/sessions")(sign_in.sessions_page)
    routes.post("/sessions/end")(sign_in.end_sessions)
    routes.get("/account")(profile.account_page)
    routes.post("/account/password")(profile.change_password)
    routes.post("/account/address")(profile.change_address)
    routes.post("/account/public")(public.change_public_page)
    routes.get("/people/{slug}")(public.public_page)
    routes.post("/account/export")(personal_data.export)
    routes.get("/account/erase")(personal_data.erase_page)
    routes.post("/account/erase")(personal_data.erase)
    routes.post("/passkeys/options")(passkeys.registration_options)
    routes.post("/passkeys")(passkeys.register)
    routes.post("/passkeys/{passkey}/remove")(passkeys.remove)
    routes.get("/oidc/callback")(oidc.callback)
    routes.post("/account/oidc")(oidc.link)
    routes.post("/account/oidc/unlink")(oidc.unlink)
    routes.get("/reset")(recovery.reset_form)
    routes.post("/reset")(recovery.ask_reset)
    routes.get("/reset/{code}")(recovery.choose_form)
    routes.post("/reset/{code}")(recovery.choose)
    routes.get("/address/{code}")(recovery.address_page)
    routes.post("/address/{code}")(recovery.confirm_address)
    routes.get("/company")(company.company_page)
    routes.post("/company/{company}/invite")(company.invite)
    routes.post("/company/{company}/members/{sub}")(company.change_member)
    routes.get("/company/{company}/members/{sub}/remove")(company.remove_page)
    routes.post("/company/{company}/members/{sub}/remove")(company.remove_member)
    routes.post("/company/{company}/invitations/{invitation}/withdraw")(company.withdraw_invitation)
    routes.get("/join/{code}")(company.join_page)
    routes.post("/join/{code}")(company.join)
    routes.get("/contracts/{ctr}/people")(people.people_page)
    routes.post("/contracts/{ctr}/retention")(people.choose_retention)
    routes.get("/contracts/{ctr}")(day.latest_day)
    routes.get("/contracts/{ctr}/days/today")(day.today)
    routes.get("/contracts/{ctr}/days/{date}")(day.day)
    routes.get("/contracts/{ctr}/months/current")(month.current_month)
    routes.get("/contracts/{ctr}/months/{month}")(month.month)
    routes.get("/contracts/{ctr}/weeks/current")(week.current_week)
    routes.get("/contracts/{ctr}/weeks/{iso}")(week.week)
    routes.post("/contracts/{ctr}/weeks/{iso}/approve")(decisions.approve)
    routes.post("/contracts/{ctr}/weeks/{iso}/allow")(decisions.allow)
    routes.post("/contracts/{ctr}/weeks/{iso}/settle")(decisions.settle)
    routes.post("/contracts/{ctr}/weeks/{iso}/ask")(decisions.ask)
    routes.post("/contracts/{ctr}/weeks/{iso}/dispute")(decisions.dispute)
    routes.post("/contracts/{ctr}/weeks/{iso}/comment")(decisions.comment)
    routes.post("/contracts/{ctr}/weeks/{iso}/label")(decisions.label)
    routes.post("/contracts/{ctr}/weeks/{iso}/reply")(decisions.reply)
    routes.post("/contracts/{ctr}/weeks/{iso}/resolve")(decisions.resolve)
    hours_files.add_routes(routes)
    routes.get("/reports")(reports.reports_page)
    # Before the route of files, which would match it.
    routes.get("/reports/weekly")(weekly.weekly_page)
    routes.post("/reports/weekly")(weekly.add_recipient)
    routes.post("/reports/weekly/{recipient}/remove")(weekly.remove_recipient)
    routes.get("/subscribe/{code}")(weekly.subscribe_page)
    routes.post("/subscribe/{code}")(weekly.subscribe)
    routes.get("/unsubscribe/{code}")(weekly.unsubscribe_page)
    routes.post("/unsubscribe/{code}")(weekly.unsubscribe)
    routes.post("/unsubscribe/{code}/undo")(weekly.subscribe_again)
    routes.get("/reports/{name}")(reports.report_file)
    routes.post("/reports/links")(reports.create_link)
    routes.post("/reports/links/{link}/revoke")(reports.revoke_link)
    routes.get("/tokens")(tokens.tokens_page)
    routes.post("/tokens")(tokens.create_token)
    routes.post("/tokens/{token}/revoke")(tokens.revoke_token)
    routes.get("/webhooks")(webhooks.webhooks_page)
    routes.post("/webhooks")(webhooks.create_webhook)
    routes.post("/webhooks/{endpoint}/{action}")(webhooks.webhook_action)
    routes.get("/shared/{secret}")(reports.shared_report)
    routes.get("/contracts/{ctr}/slots/{slot}")(slot.slot)
    routes.get("/contracts/{ctr}/cells/{slot}")(slot.former_address)
    routes.get("/pictures/{segment}/{index}")(files.picture)
    routes.get("/thumbs/{segment}/{index}")(files.thumb)
    routes.get("/docs")(files.api_docs)
    routes.get("/privacy")(privacy.privacy_page)
    routes.get("/static/{name}")(files.static)
    return routes
