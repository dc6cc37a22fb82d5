import { useEffect, useState } from 'preact/hooks';

/** Asks for a JSON address now and every `everyMs`; keeps the last answer while the server is away or the page is hidden. */
export function usePoll<T>(url: string, everyMs: number): T | undefined {
  const [answer, setAnswer] = useState<{ readonly url: string; readonly value: T }>();
  useEffect(() => {
    const abort = new AbortController();
    const ask = async () => {
      if (document.hidden) return;
      const response = await fetch(url, { signal: abort.signal }).catch(() => undefined);
      if (response?.ok) setAnswer({ url, value: (await response.json()) as T });
    };
    void ask();
    const timer = setInterval(() => void ask(), everyMs);
    return () => {
      abort.abort();
      clearInterval(timer);
    };
  }, [url, everyMs]);
  return answer?.url === url ? answer.value : undefined;
}
