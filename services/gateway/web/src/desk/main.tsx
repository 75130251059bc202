/** Entry of the staff's desks. */
import { RouterProvider } from "@tanstack/react-router";
import { enter } from "@shared/entry";
import { pageAt } from "./pages";
import { router } from "./router";

// The page's code comes while it is asked who is signed in; what fails here fails again, visibly, where the page stands.
pageAt(window.location.pathname.replace(/^\/desk/, ""))?.load().catch(() => undefined);
enter(<RouterProvider router={router} />);
