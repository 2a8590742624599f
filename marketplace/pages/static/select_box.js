// Select boxes that send their form. The arrow keys only choose: Enter, or leaving the box, sends.

/** @param {HTMLSelectElement} box */
export function submitWhenChosen(box) {
  const before = box.value;
  let byPointer = false;
  const submit = () => {
    if (box.value !== before) box.form.submit();
  };
  box.addEventListener("pointerdown", () => (byPointer = true));
  box.addEventListener("keydown", (event) => {
    byPointer = false;
    if (event.key !== "Enter") return;
    event.preventDefault();
    submit();
  });
  box.addEventListener("change", () => byPointer && submit());
  box.addEventListener("blur", submit);
}
