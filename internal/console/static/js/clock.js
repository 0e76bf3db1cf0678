// Clocks that run: how long somebody has waited, how long a chat has lasted.

const two = (n) => String(n).padStart(2, '0');

function lasted(ms) {
  const s = Math.max(0, Math.floor(ms / 1000));
  if (s < 3600) return `${Math.floor(s / 60)}:${two(s % 60)}`;
  if (s < 86400) return `${Math.floor(s / 3600)}:${two(Math.floor(s / 60) % 60)}:${two(s % 60)}`;
  return `${Math.floor(s / 86400)} d ${Math.floor(s / 3600) % 24} h`;
}

export function tick() {
  const now = Date.now();
  for (const time of document.querySelectorAll('time[data-clock]')) {
    const waited = now - Date.parse(time.dateTime);
    const text = lasted(waited);
    if (time.textContent !== text) time.textContent = text;
    const target = Number(time.dataset.target) * 1000;
    if (target > 0) {
      time.classList.toggle('clock-calm', waited * 2 < target);
      time.classList.toggle('clock-soon', waited * 2 >= target && waited < target);
      time.classList.toggle('clock-over', waited >= target);
    }
  }
}

export function start() {
  tick();
  setInterval(tick, 1000);
}
