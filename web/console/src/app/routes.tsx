// SPDX-License-Identifier: Apache-2.0
//
// Which page lives at which address below /console. What an agent needs first is in the first load; the rest
// comes when it is visited. Everything under `Guard` needs a session, and a changed default password.
import { createBrowserRouter, Navigate } from 'react-router';
import { Guard } from './guard.tsx';
import { Broken, Lost } from './broken.tsx';

const page = <K extends string>(load: () => Promise<Record<K, React.ComponentType>>, name: K) => ({
  lazy: async () => ({ Component: (await load())[name] }),
  HydrateFallback: () => null,
});

export const router = createBrowserRouter(
  [
    {
      ErrorBoundary: Broken,
      children: [
        { path: 'sign-in', ...page(() => import('../features/signin/signin.tsx'), 'SignIn') },
        { path: 'invitation', ...page(() => import('../features/signin/invitation.tsx'), 'Invitation') },
        { path: 'api', ...page(() => import('../features/apidoc/apidoc.tsx'), 'ApiReference') },
        {
          Component: Guard,
          children: [
            { path: 'password', ...page(() => import('../features/signin/password.tsx'), 'ChangePassword') },
            {
              ...page(() => import('./shell.tsx'), 'Shell'),
              children: [
                { index: true, element: <Navigate to="/conversations" replace /> },
                {
                  path: 'conversations/:id?',
                  ...page(() => import('../features/workbench/workbench.tsx'), 'Workbench'),
                },
                { path: 'training', element: <Navigate to="/training/questions" replace /> },
                {
                  path: 'training/:section/:id?',
                  ...page(() => import('../features/training/training.tsx'), 'Training'),
                },
                {
                  path: 'knowledge/:id?',
                  ...page(() => import('../features/knowledge/knowledge.tsx'), 'Knowledge'),
                },
                { path: 'tasks', element: <Navigate to="/tasks/approvals" replace /> },
                { path: 'tasks/:section', ...page(() => import('../features/cases/tasks.tsx'), 'Tasks') },
                { path: 'rules', element: <Navigate to="/rules/policies" replace /> },
                { path: 'rules/:section/:id?', ...page(() => import('../features/policies/rules.tsx'), 'Rules') },
                { path: 'settings', element: <Navigate to="/settings/canned" replace /> },
                { path: 'settings/:section', ...page(() => import('../features/settings/settings.tsx'), 'Settings') },
              ],
            },
          ],
        },
        { path: '*', Component: Lost },
      ],
    },
  ],
  { basename: '/console' },
);
