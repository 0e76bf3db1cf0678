// The search above the list of cases.

const field = () => document.querySelector('.seek [type="search"]');

export function start() {
  const form = document.querySelector('.seek');
  if (!form) return;
  if (location.hash === '#q') focus();
  // What is not chosen need not stand in the address.
  form.addEventListener('formdata', (event) => {
    for (const [name, value] of [...event.formData]) if (!value.trim()) event.formData.delete(name);
  });
  form.addEventListener('change', (event) => {
    if (event.target !== field()) form.requestSubmit();
  });
}

// focus goes to the search, on the page that has it.
export function focus() {
  if (!field()) {
    location.assign('/cases#q');
    return;
  }
  field().focus();
  field().select();
}

// leave goes from the search to what it found.
export function leave() {
  if (document.activeElement === field()) document.querySelector('.row-link')?.focus() ?? field().blur();
}
