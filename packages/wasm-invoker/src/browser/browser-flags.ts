/** The switches that Chromium is started with: its own sandbox on, and no way out but to the Pocket's server. */

/** Features that would start processes or connections of their own. */
const DISABLED_FEATURES = [
  // The address bar of a window that nobody sees: two renderers' worth of memory and start-up for each sandbox.
  "PreloadTopChromeWebUI",
  "WebUIOmniboxAimPopup",
  "WebUIOmniboxFullPopup",
  "WebUIOmniboxPopup",
  "AutofillServerCommunication",
  "CertificateTransparencyComponentUpdater",
  "DialMediaRouteProvider",
  "InterestFeedContentSuggestions",
  "MediaRouter",
  "OptimizationHints",
  "SpareRendererForSitePerProcess",
  "Translate",
];

export interface BrowserFlagsOptions {
  profileFolder: string;
  /** Port of the Pocket's server on loopback: the only thing the browser can reach. */
  serverPort: number;
  /** Keep shared memory in files; for machines whose /dev/shm is small. */
  avoidSharedMemory: boolean;
}

export function renderBrowserFlags(options: BrowserFlagsOptions): string[] {
  return [
    "--headless",
    "--remote-debugging-pipe",
    `--user-data-dir=${options.profileFolder}`,
    "--no-first-run",
    "--no-default-browser-check",
    // Pages are opened as they are needed: a first one, of no use, would be a renderer more to start.
    "--no-startup-window",
    "--disable-background-networking",
    "--disable-breakpad",
    "--disable-component-update",
    "--disable-crash-reporter",
    "--disable-default-apps",
    "--disable-domain-reliability",
    "--disable-extensions",
    "--disable-gpu",
    "--disable-quic",
    "--disable-sync",
    "--metrics-recording-only",
    "--mute-audio",
    "--password-store=basic",
    "--use-mock-keychain",
    // A sandbox is never in front: its timers and its process keep their full speed all the same.
    "--disable-background-timer-throttling",
    "--disable-backgrounding-occluded-windows",
    "--disable-renderer-backgrounding",
    `--disable-features=${DISABLED_FEATURES.join(",")}`,
    // A renderer process of its own for every site, also on machines with little memory.
    "--site-per-process",
    // Names resolve to nothing but the sandboxes' own; every other request goes to the server as its proxy, which refuses.
    "--host-resolver-rules=MAP *.localhost 127.0.0.1, MAP * ~NOTFOUND",
    `--proxy-server=http://127.0.0.1:${options.serverPort}`,
    `--proxy-bypass-list=<-loopback>;*.localhost:${options.serverPort}`,
    "--webrtc-ip-handling-policy=disable_non_proxied_udp",
    "--force-webrtc-ip-handling-policy=disable_non_proxied_udp",
    ...(options.avoidSharedMemory ? ["--disable-dev-shm-usage"] : []),
  ];
}
