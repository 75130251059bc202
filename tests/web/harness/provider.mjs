// The city's identity provider: oidc-provider on the loopback. People sign in there by their subject alone.
import { generateKeyPairSync, randomUUID } from "node:crypto";
import { createServer } from "node:http";
import { text } from "node:stream/consumers";
import Provider from "oidc-provider";
import { base } from "./browser.mjs";

/** Seconds that anything of it lives: longer than the journeys. */
const LIFE_S = 3600;

/** Where the platform under test looks for it; undefined at a platform that was started without one. */
export const issuer = process.env.WEB_OIDC_ISSUER;

/**
 * Starts it.
 * @param {Map<string, string>} people the usernames of the people it knows, by its own name of them; may change later
 */
export async function startProvider(people) {
  const provider = new Provider(issuer, settings(people));
  const serve = provider.callback();
  const server = createServer((request, response) => {
    if (request.url.startsWith("/person/")) void person(provider, request, response);
    else serve(request, response);
  });
  await new Promise((resolve) => server.listen(Number(new URL(issuer).port), resolve));
  const stop = () => {
    server.closeAllConnections();
    return new Promise((resolve) => server.close(resolve));
  };
  return { stop };
}

function settings(people) {
  const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
  return {
    clients: [
      {
        client_id: "hotline",
        client_secret: process.env.WEB_OIDC_SECRET,
        redirect_uris: [`${base()}/sign-in/oidc/callback`],
        post_logout_redirect_uris: [`${base()}/sign-in`],
        grant_types: ["authorization_code"],
        response_types: ["code"],
      },
    ],
    jwks: { keys: [{ ...privateKey.export({ format: "jwk" }), kid: randomUUID(), use: "sig", alg: "RS256" }] },
    cookies: { keys: [randomUUID()] },
    claims: { openid: ["sub"], profile: ["preferred_username"] },
    features: { devInteractions: { enabled: false }, rpInitiatedLogout: { enabled: true, logoutSource } },
    interactions: { url: (_, { uid }) => `/person/${uid}` },
    pkce: { required: () => true },
    ttl: { Session: LIFE_S, Interaction: LIFE_S, Grant: LIFE_S, AccessToken: LIFE_S, IdToken: LIFE_S },
    findAccount: (_, subject) => {
      const username = people.get(subject);
      const claims = () => ({ sub: subject, preferred_username: username });
      return username === undefined ? undefined : { accountId: subject, claims };
    },
    // The hotline is the city's own: nobody is asked whether it may know their name.
    loadExistingGrant: async ({ oidc }) => {
      const grant = new oidc.provider.Grant({ clientId: oidc.client.clientId, accountId: oidc.session.accountId });
      grant.addOIDCScope("openid profile");
      await grant.save();
      return grant;
    },
  };
}

/** A page of its own, without anything from elsewhere. */
const pageOf = (main) => `<!doctype html><html lang="zh-CN"><head><title>统一身份认证</title><link rel="icon" href="data:,"></head>
<body><main><h1>统一身份认证</h1>${main}</main></body></html>`;

const FORM = pageOf(`<form method="post"><label>证号 <input name="subject"></label> <button>确认</button></form>`);

/** The page that asks whether to leave. */
function logoutSource(context, form) {
  context.type = "html";
  context.body = pageOf(`${form}<button type="submit" form="op.logoutForm" name="logout" value="yes">退出统一身份认证</button>`);
}

/** The page on which people say who they are, and what follows. */
async function person(provider, request, response) {
  if (request.method !== "POST") {
    response.setHeader("content-type", "text/html; charset=utf-8").end(FORM);
    return;
  }
  const accountId = new URLSearchParams(await text(request)).get("subject");
  await provider.interactionFinished(request, response, { login: { accountId } });
}
