// A link of the navigation that is opened in another tab takes name and seed along, as one in this tab
// does by itself. It is told so when it is pressed: the menus that hold some of them come and go.
window.linksCarry ||= document.addEventListener("pointerdown", event => {
  const link = event.target.closest?.("a[data-testid$=Link]");
  if (!link) return;
  const here = new URLSearchParams(location.search), there = new URLSearchParams();
  for (const key of ["name", "seed"]) if (here.has(key)) there.set(key, here.get(key));
  link.search = there;
}, true) ?? true;
