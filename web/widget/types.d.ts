// What goes between the widget's modules: the frames of PROTOCOL.md and the
// settings a host page may give. Only the type check reads this file.

export type Script = 'hant' | 'hans';

export interface HostContext { page?: string; appVersion?: string; step?: string; errorText?: string }

export interface Settings {
  mode?: 'floating' | 'page';
  locale?: string;
  theme?: 'auto' | 'light' | 'dark';
  accent?: string;
  side?: 'right' | 'left';
  closable?: boolean;
  launcher?: boolean | string;
  text?: string;
  context?: HostContext;
  token?: string;
  getToken?: () => string | Promise<string>;
}

export interface Choice { id: string; label: string }
export interface Block { kind: string; text?: string; items?: string[]; url?: string }
export interface Bubble { blocks: Block[] }
export interface Case { id: string; state: string; agent?: string }

export interface FileInfo { id: string; name: string; type: string; size: number; width?: number; height?: number }

export interface Item {
  kind: 'item'; seq: number; from: string; at: string; id?: string; text?: string;
  agent?: string; lang?: string; bubbles?: Bubble[]; choices?: Choice[]; case?: Case;
  files?: FileInfo[]; edits?: number; gone?: boolean;
}

export interface Welcome {
  kind: 'welcome'; reset: boolean; adopted?: boolean; person: string; max_chars: number; beat: number; renew?: number;
  max_file?: number; forget?: boolean; link?: boolean;
}
export interface Refusal { kind: 'error'; code: string; id?: string; retry_after?: number; text?: string }
export interface Status { kind: 'status'; state: string; retry_after?: number; renew?: number; agent?: string }
export interface Close { kind: 'close'; close_code: number }
export interface Ack { kind: 'ack'; id: string }
export type Frame = Item | Welcome | Refusal | Status | Close | Ack;

/** A frame that the person causes; its ID is made by the outbox. */
export interface Said {
  kind: 'message' | 'choice' | 'rate'; id?: string; text: string; choice?: string; files?: string[]; rating?: number;
}

export interface Message {
  frame: Said & { id: string };
  state: 'waiting' | 'sending' | 'sent' | 'failed' | 'settled';
  tries: number;
  problem: Refusal | null;
  timer: ReturnType<typeof setTimeout> | undefined;
}

/** Carries frames: a socket, or a stream where sockets are blocked. */
export interface Transport { send(frame: object): boolean; close(): void }
export interface Carried { opened(): void; frame(frame: Frame): void; closed(code: number): void }

export type Command = [name: string, ...args: any[]];

declare global {
  interface Window {
    verihelp?: ((...command: any[]) => any) & { q?: Command[] };
    verihelpSettings?: Settings;
    verihelpHost?: { postMessage(text: string): void };
    webkit?: { messageHandlers?: Record<string, { postMessage(message: object): void }> };
  }
}
