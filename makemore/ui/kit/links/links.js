// A link of the navigation that is opened in another tab takes along what follows the visitor, as one in
// this tab does by itself. It is told so when it is pressed: the menus that hold some of them come and go.
window.linksCarry ||= document.addEventListener("pointerdown", event => {
  const link = event.target.closest?.("a[data-testid$=Link]");
  if (!link) return;
  const here = new URLSearchParams(location.search), there = new URLSearchParams();
  for (const key of ["name", "seed", "list"]) if (here.has(key)) there.set(key, here.get(key));
  link.search = there;
}, true) ?? true;
// A switch that was moved changes the address and makes no place to go back to: else a slider would make
// one at each stop. Only another page, step, name, seed, list or training does.
window.linksReplace ||= (() => {
  const push = history.pushState;
  const place = url => [url.pathname, ...["step", "name", "seed", "list", "run"].map(
    key => url.searchParams.get(key) ?? "")].join("\n");
  history.pushState = function (state, title, url) {
    const same = url != null && place(new URL(url, location.href)) === place(new URL(location.href));
    return same ? this.replaceState(state, title, url) : push.apply(this, arguments);
  };
  return true;
})();
