/** One choice of a menu. */
import type { IconName } from './icons';

export interface Item {
  label: string;
  /** Shown instead of the label, in the row of small choices. */
  sign?: string;
  icon?: IconName;
  /** What happens then, in small words. */
  hint?: string;
  danger?: boolean;
  /** For what is on or off. */
  checked?: boolean;
  onselect: () => void;
}
