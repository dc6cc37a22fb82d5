/** No camera yet: how to add one. */
export function Empty() {
  return (
    <section class="empty">
      <h1>No camera yet</h1>
      <p>
        <a class="underlined" href="#/cameras">
          Add one here
        </a>
        , or write it into the configuration file; it is opened while Ocelli runs.
      </p>
      <pre>
        <code>{`cameras:
  - id: dock-1
    url: rtsp://user:\${DOCK_PASSWORD}@192.0.2.10/stream2`}</code>
      </pre>
      <p class="quiet">
        Or look around first: <code>npm start</code> shows four simulated cameras.
      </p>
    </section>
  );
}
