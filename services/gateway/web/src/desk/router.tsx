/** Addresses of the desks, made of the list of pages. */
import { createRootRoute, createRoute, createRouter } from "@tanstack/react-router";
import { formatQuery, parseQuery } from "@shared/filter/url";
import { NoPage } from "./shell/NoPage";
import { PageFrame } from "./shell/PageFrame";
import { Shell } from "./shell/Shell";
import { pages } from "./pages";

const root = createRootRoute({ component: Shell, notFoundComponent: NoPage });

const routes = pages.map((page) =>
  createRoute({
    getParentRoute: () => root,
    path: page.path,
    component: () => <PageFrame page={page} />,
  }),
);

export const router = createRouter({
  routeTree: root.addChildren(routes),
  basepath: "/desk",
  parseSearch: parseQuery,
  stringifySearch: formatQuery,
  trailingSlash: "preserve",
  scrollRestoration: false,
});
