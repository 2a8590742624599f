// The npm package oauth4webapi as the client of a sign-in in the browser.

import * as oauth from "oauth4webapi";

import { Refusal } from "./refusal.js";

const CLIENT = { client_id: "workdiary" };
// The tests' marketplace is on loopback, without TLS.
const LOCAL = { [oauth.allowInsecureRequests]: true };

async function discover(issuer) {
  const url = new URL(issuer);
  const response = await oauth.discoveryRequest(url, { algorithm: "oauth2", ...LOCAL });
  return oauth.processDiscoveryResponse(url, response);
}

// The address for the browser, and the values that only the client has.
export async function beginSignIn({ issuer, redirectUri }) {
  const server = await discover(issuer);
  const verifier = oauth.generateRandomCodeVerifier();
  const state = oauth.generateRandomState();
  const address = new URL(server.authorization_endpoint);
  address.search = new URLSearchParams({
    response_type: "code",
    client_id: CLIENT.client_id,
    redirect_uri: redirectUri,
    scope: server.scopes_supported.join(" "),
    code_challenge: await oauth.calculatePKCECodeChallenge(verifier),
    code_challenge_method: "S256",
    state,
  });
  return { address: address.href, verifier, state };
}

// The token response for the address to which the browser was redirected.
export async function finishSignIn({ issuer, redirectUri, location, verifier, state }) {
  const server = await discover(issuer);
  try {
    const parameters = oauth.validateAuthResponse(server, CLIENT, new URL(location), state);
    const response = await oauth.authorizationCodeGrantRequest(
      server, CLIENT, oauth.None(), parameters, redirectUri, verifier, LOCAL,
    );
    return await oauth.processAuthorizationCodeResponse(server, CLIENT, response);
  } catch (error) {
    if (error instanceof oauth.AuthorizationResponseError) throw new Refusal(error.error);
    if (error instanceof oauth.OperationProcessingError) throw new Refusal(error.message);
    throw error;
  }
}
