import { useState } from 'preact/hooks';
import { Mark } from '../parts/mark.tsx';

/** Asks for the token of the configuration and trades it for a cookie that scripts cannot read. */
export function SignIn({ onSignedIn }: { readonly onSignedIn: () => void }) {
  const [token, setToken] = useState('');
  const [problem, setProblem] = useState('');
  const submit = async (event: Event) => {
    event.preventDefault();
    const problem = await signIn(token);
    if (problem === undefined) onSignedIn();
    else setProblem(problem);
  };
  return (
    <main class="sign-in">
      <form onSubmit={(event) => void submit(event)}>
        <Mark />
        <h1>Ocelli</h1>
        <label>
          Token
          <input
            class="field"
            type="password"
            autocomplete="current-password"
            value={token}
            onInput={({ currentTarget }) => setToken(currentTarget.value)}
            aria-describedby="sign-in-problem"
          />
        </label>
        <p id="sign-in-problem" class="problem" role="alert">
          {problem}
        </p>
        <button class="button" type="submit">
          Open
        </button>
        <p class="quiet">It stands under server.token in the configuration file.</p>
      </form>
    </main>
  );
}

/** @returns what is wrong, or `undefined` when it went well. */
async function signIn(token: string): Promise<string | undefined> {
  const headers = { 'content-type': 'application/json' };
  const answer = await fetch('/api/session', { method: 'POST', headers, body: JSON.stringify({ token }) }).catch(() => undefined);
  if (answer === undefined) return 'The server does not answer. Try again in a moment.';
  return answer.ok ? undefined : ((await answer.json()) as { error: string }).error;
}
