// SPDX-License-Identifier: Apache-2.0
//
// Keys as they are printed on the keyboard: "Ctrl+K" becomes two small caps.
export function Keys({ keys }: { keys: string }) {
  return (
    <span className="keys" aria-hidden="true">
      {keys.split('+').map((key) => (
        <kbd key={key}>{key}</kbd>
      ))}
    </span>
  );
}
