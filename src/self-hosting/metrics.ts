/**
 * Metrics of one process for Prometheus (text format 0.0.4). They are made from the data points that the Worker writes
 * for Analytics Engine, whose columns `docs/operations.md` lists.
 *
 * There are no durations: a Worker's clock stands still while it computes. CPU time and memory of the process are
 * available from the system.
 */

export interface Metrics {
  /** Replaces Analytics Engine. */
  readonly dataset: AnalyticsEngineDataset;
  /** Series with their sums, by metric name. */
  readonly counters: ReadonlyMap<MetricName, ReadonlyMap<string, number>>;
  readonly version: string;
  /** Seconds since 1970. */
  readonly begun: number;
}

const HELP = {
  requests: 'Requests answered, those for files left out.',
  pictures: 'Pictures answered for.',
  pixels: 'Pixels of these pictures.',
  body_bytes: 'Bytes of bodies as they arrived, decompressed.',
} as const;

type MetricName = keyof typeof HELP;

/** Labels come from fixed sets and the names of keys; this limit is in case that ever changes. */
const MOST_SERIES = 10_000;

/** @param version of the code. */
export function createMetrics(version: string): Metrics {
  const counters = new Map<MetricName, Map<string, number>>();

  function add(name: MetricName, labels: Readonly<Record<string, string>>, amount: number): void {
    const series = counters.get(name) ?? new Map<string, number>();
    counters.set(name, series);
    const key = Object.entries(labels)
      .map(([label, value]) => `${label}="${escaped(value)}"`)
      .join(',');
    if (series.has(key) || series.size < MOST_SERIES) series.set(key, (series.get(key) ?? 0) + amount);
  }

  function writeDataPoint({ indexes, blobs, doubles }: AnalyticsEngineDataPoint = {}): void {
    const [caller = ''] = texts(indexes);
    const [route = '', method = '', code = '', format = '', cache = '', decoder = ''] = texts(blobs);
    const [status = 0, bytes = 0, pixels = 0, pictures = 0] = doubles ?? [];
    add('requests', { route, method, status: String(status), code, caller }, 1);
    if (bytes > 0) add('body_bytes', { route }, bytes);
    if (pictures === 0) return;
    add('pictures', { format, cache, decoder }, pictures);
    add('pixels', { format, cache, decoder }, pixels);
  }

  return { dataset: { writeDataPoint }, counters, version, begun: Date.now() / 1000 };
}

/** @param metrics undefined until the first request. */
export function metricsText(metrics: Metrics | undefined): string {
  if (metrics === undefined) return '';
  const { version, begun, counters } = metrics;
  const about = [
    ...head('build_info', 'gauge', 'Which build answers.'),
    `mobilenet_edge_build_info{version="${escaped(version)}"} 1`,
    ...head('start_time_seconds', 'gauge', 'When its first request came, from which it counts.'),
    `mobilenet_edge_start_time_seconds ${begun}`,
  ];
  const counted = Object.entries(HELP).flatMap(([name, help]) => {
    // The keys of HELP are these names.
    const series = counters.get(name as MetricName) ?? new Map<string, number>();
    return [
      ...head(`${name}_total`, 'counter', help),
      ...[...series].map(([labels, sum]) => `mobilenet_edge_${name}_total{${labels}} ${sum}`),
    ];
  });
  return `${[...about, ...counted].join('\n')}\n`;
}

function head(name: string, type: string, help: string): string[] {
  return [`# HELP mobilenet_edge_${name} ${help}`, `# TYPE mobilenet_edge_${name} ${type}`];
}

function escaped(text: string): string {
  return text.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n');
}

function texts(columns: AnalyticsEngineDataPoint['blobs'] = []): string[] {
  return columns.map((column) => (typeof column === 'string' ? column : ''));
}
