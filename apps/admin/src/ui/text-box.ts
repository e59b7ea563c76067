import { ElInput } from 'element-plus/es/components/input/index.mjs';
import 'element-plus/theme-chalk/el-input.css';
import type { DefineComponent } from 'vue';

interface TextBoxProps {
  modelValue: string;
  id?: string;
  type?: 'text' | 'password' | 'number' | 'date' | 'datetime-local';
  name?: string;
  autocomplete?: string;
  placeholder?: string;
  /** A button that shows what is typed. */
  showPassword?: boolean;
  autocapitalize?: string;
  spellcheck?: boolean;
  'data-first'?: true | undefined;
  inputmode?: 'decimal' | 'text';
  'aria-describedby'?: string | undefined;
  'aria-invalid'?: boolean;
  'onUpdate:modelValue'?: (text: string) => void;
}

// The library publishes some of these properties with the type of their declaration instead of
// that of their value; the properties used here are stated anew.
export const TextBox = ElInput as unknown as DefineComponent<TextBoxProps>;
