/* What a person lets happen to the number of the chat. The doors are those of tests; what they refuse is shown. */

const said = document.getElementById("act-said");
const buttons = Array.from(document.querySelectorAll("[data-door]"));
let chosen = null;

/* {number} and {account} are named in the door, and in the body where it names them. */
function fill(text) {
  return text.replace("{number}", chosen ? chosen.id : "").replace("{account}", chosen ? chosen.account : "");
}

function needsNumber(button) {
  return /\{(number|account)\}/.test(button.dataset.door + button.dataset.body);
}

export function drawActs(number) {
  chosen = number || null;
  document.getElementById("acts-on").textContent = number ? number.display : "a number";
  buttons.forEach((button) => { button.disabled = needsNumber(button) && !number; });
}

async function act(button) {
  const [method, door] = fill(button.dataset.door).split(" ");
  const reply = await fetch("/_sandbox" + door, {
    method,
    headers: { "Content-Type": "application/json" },
    body: method === "DELETE" ? undefined : fill(button.dataset.body),
  });
  said.classList.toggle("no", !reply.ok);
  said.textContent = reply.ok ? button.textContent + ": done." : (await reply.json()).detail;
}

export function watchActs(changed) {
  buttons.forEach((button) => button.addEventListener("click", async () => {
    await act(button);
    changed();
  }));
}
