import type { PluginInput } from '@fullcalendar/vue3';

type InteractionClass = NonNullable<PluginInput['componentInteractions']>[number];
type Settings = ConstructorParameters<InteractionClass>[0];

/**
 * The calendar measures a drag from the middle of the row it began in: with steps finer than a row
 * windows would run ahead of the pointer. This sees the settings before what drags does, so it
 * stands before it in the list of plugins.
 */
class DragFromPointer implements InstanceType<InteractionClass> {
  readonly component: Settings['component'];
  readonly isHitComboAllowed: Settings['isHitComboAllowed'];

  constructor(settings: Settings) {
    settings.useEventCenter = false;
    this.component = settings.component;
    this.isHitComboAllowed = settings.isHitComboAllowed;
  }

  destroy(): void {
    // Holds nothing.
  }
}

export const dragFromPointer: PluginInput = {
  name: 'drag-from-pointer',
  componentInteractions: [DragFromPointer],
};
