// The login page: the code stands in the address's fragment, which is never sent or logged.
const form = document.querySelector("form");
const field = form.elements.namedItem("code");

async function enter(code) {
  const answer = await fetch("/login", {
    method: "POST",
    headers: { "Content-Type": "application/json", Accept: "application/json" },
    body: JSON.stringify({ code, next: form.elements.namedItem("next").value.slice(0, 40) }),
  });
  const said = await answer.json();
  if (answer.ok) {
    location.replace(said.next);
    return;
  }
  field.setCustomValidity(`${said.error} ${said.fix}`);
  field.reportValidity();
}

form.addEventListener("submit", (event) => {
  event.preventDefault();
  enter(field.value.trim());
});
field.addEventListener("input", () => field.setCustomValidity(""));

// Also when the link is pasted into a tab that shows this page already: then only the fragment changes.
function useLink() {
  const code = location.hash.slice(1);
  if (!code) return;
  history.replaceState(null, "", location.pathname);
  field.value = code;
  enter(code);
}

window.addEventListener("hashchange", useLink);
useLink();
