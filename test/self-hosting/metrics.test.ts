import { describe, expect, it } from 'vitest';
import { createMetrics, metricsText } from '../../src/self-hosting/metrics.ts';
import { sumOf } from './exposition.ts';

/** A line as `src/http/log.ts` writes it. */
function point(route: string, code: string, [status, bytes, pixels, pictures]: readonly number[]) {
  return {
    indexes: ['partner'],
    blobs: [route, 'POST', code, 'jpeg', 'miss', 'planes', '1'],
    doubles: [status ?? 0, bytes ?? 0, pixels ?? 0, pictures ?? 0],
  };
}

describe('the metrics', () => {
  it('add up what the data points say', () => {
    const metrics = createMetrics('1');
    metrics.dataset.writeDataPoint(point('/v1/classify', '', [200, 1000, 300, 1]));
    metrics.dataset.writeDataPoint(point('/v1/batch', '', [200, 5000, 900, 3]));
    metrics.dataset.writeDataPoint(point('/v1/batch', 'rate_limited', [429, 0, 0, 0]));
    const text = metricsText(metrics);
    expect(sumOf(text, 'requests_total', {})).toBe(3);
    expect(sumOf(text, 'requests_total', { route: '/v1/batch', status: '429', code: 'rate_limited' })).toBe(
      1,
    );
    expect(sumOf(text, 'pictures_total', { decoder: 'planes' })).toBe(4);
    expect(sumOf(text, 'pixels_total', {})).toBe(1200);
    expect(sumOf(text, 'body_bytes_total', { route: '/v1/batch' })).toBe(5000);
  });

  it('can be read whatever is in a label', () => {
    const metrics = createMetrics('1');
    metrics.dataset.writeDataPoint(point('/a"b\\c\nd', '', [200, 0, 0, 0]));
    expect(sumOf(metricsText(metrics), 'requests_total', { method: 'POST' })).toBe(1);
  });

  it('are nothing before the first request', () => {
    expect(metricsText(undefined)).toBe('');
  });

  it('stop at some series, and count on in those', () => {
    const metrics = createMetrics('1');
    for (let i = 0; i < 10_001; i++) metrics.dataset.writeDataPoint(point(`/${i}`, '', [200, 0, 0, 0]));
    metrics.dataset.writeDataPoint(point('/0', '', [200, 0, 0, 0]));
    const text = metricsText(metrics);
    expect(sumOf(text, 'requests_total', {})).toBe(10_001);
    expect(sumOf(text, 'requests_total', { route: '/0' })).toBe(2);
  });
});
