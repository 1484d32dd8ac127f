// Lets a file be dropped anywhere on the form; without scripts the field does the same.
const form = document.querySelector("form.drop");
const field = form?.querySelector("input[type=file]");
if (form && field) {
  const mark = (on) => form.classList.toggle("over", on);
  for (const name of ["dragenter", "dragover"]) {
    form.addEventListener(name, (event) => { event.preventDefault(); mark(true); });
  }
  form.addEventListener("dragleave", (event) => { if (!form.contains(event.relatedTarget)) mark(false); });
  form.addEventListener("drop", (event) => {
    event.preventDefault();
    mark(false);
    if (event.dataTransfer?.files.length) {
      field.files = event.dataTransfer.files;
      form.requestSubmit();
    }
  });
}
