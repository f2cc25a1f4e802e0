// SPDX-License-Identifier: Apache-2.0
declare module 'virtual:divisions' {
  const text: string;
  export default text;
}
