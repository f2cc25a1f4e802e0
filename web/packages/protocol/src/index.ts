// SPDX-License-Identifier: Apache-2.0
//
// The door of the package: the wire's types and the socket that speaks them.
export * from './wire.ts';
export * from './sock.ts';
