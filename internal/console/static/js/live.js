// The live stream. It says that something changed, never what; whoever hears
// of it fetches. One tab holds the stream and tells the others, because
// browsers allow only a few connections to one server.
//
// A connection can die in silence, as under a laptop that slept, or be held back
// by a proxy. So the server's beats are listened for: when they stay away the
// stream is begun anew, and until it speaks the page asks by itself.

const channel = 'BroadcastChannel' in window ? new BroadcastChannel('caseline-live') : null;
const unheard = 10_000; // how long a stream may take to begin, and how often a page asks without one, in ms
const minute = 60_000;

let holder = false;

// holds reports whether this tab is the one that holds the stream.
export const holds = () => holder;

// beside has the other tabs of this browser look at everything anew.
export const beside = () => channel?.postMessage({ kind: 'hello' });

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
  addEventListener('offline', () => heard({ kind: 'lost' }));
  addEventListener('pageshow', (event) => event.persisted && again());
  setInterval(again, minute); // heals whatever a sleeping tab failed to tell
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
  holder = true;
  let stream = null;
  let latest = Date.now(); // when the stream was last heard, or begun
  let beat = 0; // how often the server shows that it lives, in ms; 0 until it has said so
  let live = false;
  let asked = Date.now();
  const spoke = () => {
    latest = Date.now();
  };
  const lost = () => {
    if (live) asked = Date.now();
    live = false;
    tell({ kind: 'lost' });
  };
  const begin = () => {
    stream?.close();
    spoke();
    beat = 0;
    stream = new EventSource('/events');
    stream.addEventListener('hello', (event) => {
      spoke();
      live = true;
      beat = JSON.parse(event.data).beat || 0;
      tell({ kind: 'live' });
      tell({ kind: 'hello' });
    });
    stream.addEventListener('beat', spoke);
    stream.addEventListener('change', (event) => {
      spoke();
      tell({ kind: 'change', ...JSON.parse(event.data) });
    });
    stream.onerror = () => {
      lost();
      if (stream.readyState !== EventSource.CLOSED) return; // it comes back by itself
      tell({ kind: 'hello' }); // whoever is signed out is told so by what is fetched
      latest = Date.now() - unheard + 2000 + Math.random() * 3000; // then it is begun anew
    };
  };
  const dead = () => Date.now() - latest > (beat ? 2.5 * beat : unheard);
  const look = () => {
    if (dead() && stream.readyState !== EventSource.CONNECTING || Date.now() - latest > 3 * unheard + 2.5 * beat) {
      lost();
      begin();
    }
    if (!live && Date.now() - asked > unheard) {
      asked = Date.now();
      tell({ kind: 'hello' });
    }
  };
  begin();
  setInterval(look, 1000);
  // Whoever comes back to a page wants it live now. A network that was away has taken
  // the stream with it, whatever the browser says.
  addEventListener('online', begin);
  addEventListener('pageshow', look);
  document.addEventListener('visibilitychange', look);
}
