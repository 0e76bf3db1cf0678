// The live stream. It says that something changed, never what; whoever hears
// of it fetches. One tab holds the stream and tells the others, because
// browsers allow only a few connections to one server.

const channel = 'BroadcastChannel' in window ? new BroadcastChannel('caseline-live') : null;

// follow calls heard({kind: 'hello'}) when everything must be looked at anew,
// heard({kind: 'change', ...}) for what changed, and heard({kind: 'live' or
// 'lost'}) for how the stream stands.
export function follow(heard) {
  const tell = (message) => {
    heard(message);
    channel?.postMessage(message);
  };
  if (channel) channel.onmessage = (event) => heard(event.data);
  share(tell, heard);
  const again = () => {
    if (document.visibilityState === 'visible') heard({ kind: 'hello' });
  };
  document.addEventListener('visibilitychange', again);
  addEventListener('online', again);
  addEventListener('pageshow', (event) => event.persisted && again());
  setInterval(again, 60_000); // heals whatever a sleeping tab failed to tell
}

// share holds the stream, or waits until the tab that does goes away. The
// lock is held as long as the page lives.
async function share(tell, heard) {
  const lock = 'caseline-live';
  const forEver = () => new Promise(() => hold(tell));
  if (!channel || !navigator.locks) {
    hold(heard);
    return;
  }
  await navigator.locks.request(lock, { ifAvailable: true }, (free) => (free ? forEver() : null));
  // Another tab has it: fetch what happened between the drawing of this page
  // and now, which whoever holds the stream does when it begins.
  heard({ kind: 'hello' });
  navigator.locks.request(lock, forEver);
}

function hold(tell) {
  const stream = new EventSource('/events');
  stream.addEventListener('hello', () => {
    tell({ kind: 'live' });
    tell({ kind: 'hello' });
  });
  stream.addEventListener('change', (event) => tell({ kind: 'change', ...JSON.parse(event.data) }));
  stream.onerror = () => {
    tell({ kind: 'lost' });
    if (stream.readyState !== EventSource.CLOSED) return; // it comes back by itself
    setTimeout(() => hold(tell), 3000);
  };
}
