// SPDX-License-Identifier: Apache-2.0
//
// Lets in who has a session, and sends everybody else to sign-in with a note of where they wanted to go. Someone
// with a default password gets no further than changing it. The server decides; this only spares detours.
import { useEffect } from 'react';
import { Navigate, Outlet, useLocation, useNavigate } from 'react-router';
import { isFault, post, whenSignedOut } from '../api/http.ts';
import { queryClient, useMe } from '../api/queries.ts';
import { useLive } from '../live/store.ts';
import { Failed } from '../ui/states.tsx';
import { usePreferences } from './preferences.ts';

export function Guard() {
  const me = useMe();
  const here = useLocation();
  const navigate = useNavigate();

  useEffect(() => {
    whenSignedOut(() => void navigate('/sign-in', { state: { from: location.pathname.replace(/^\/console/, '') } }));
    return () => whenSignedOut(() => {});
  }, [navigate]);

  useEffect(() => {
    if (!me.data) return;
    useLive.getState().signIn(me.data.id, me.data.alias || me.data.name);
    usePreferences.getState().setOwner(me.data.id);
  }, [me.data]);

  if (isFault(me.error, 401)) return <Navigate to="/sign-in" replace state={{ from: here.pathname }} />;
  if (me.isError && !me.data) {
    return (
      <main className="full">
        <Failed error={me.error} onRetry={() => void me.refetch()} />
      </main>
    );
  }
  if (!me.data) return <main className="full" aria-busy="true" />;
  if (me.data.must_change_password && here.pathname !== '/password') return <Navigate to="/password" replace />;
  return <Outlet />;
}

/** Everything that belongs to the person who just left. */
export function forgetSession(): void {
  queryClient.clear();
  useLive.getState().clear();
}

/** Leaves, also when the server can no longer be told. */
export async function signOut(): Promise<void> {
  await post('/auth/sign-out').catch(() => undefined);
  usePreferences.getState().forgetDrafts();
  forgetSession();
}
