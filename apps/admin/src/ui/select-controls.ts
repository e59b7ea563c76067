import { ElOption, ElSelect } from 'element-plus/es/components/select/index.mjs';
import 'element-plus/theme-chalk/el-select.css';
import 'element-plus/theme-chalk/el-option.css';
import 'element-plus/theme-chalk/el-popper.css';
import 'element-plus/theme-chalk/el-scrollbar.css';
import 'element-plus/theme-chalk/el-tag.css';
import type { DefineComponent } from 'vue';

interface SelectProps {
  modelValue: string;
  filterable: boolean;
  /** Enter takes the first match. */
  defaultFirstOption: boolean;
  teleported: boolean;
  placeholder: string;
  ariaLabel?: string;
  noMatchText: string;
  noDataText: string;
  onChange: (picked: string) => void;
}

// The library publishes some of these properties with the type of their declaration instead of
// that of their value; the properties used here are stated anew.
export const SelectBox = ElSelect as unknown as DefineComponent<SelectProps>;
export const SelectOption = ElOption as unknown as DefineComponent<{
  label: string;
  value: string;
}>;
