// An Enter that was taken must not leave a line break behind. Browsers see to
// that for keys; programs that type send the character all the same.
let taken = false;
document.addEventListener('keydown', (e) => { taken = e.key === 'Enter' && e.defaultPrevented; });
document.addEventListener('keyup', () => { taken = false; });
document.addEventListener('beforeinput', (e) => {
  if (taken && e.inputType === 'insertLineBreak') e.preventDefault();
});
