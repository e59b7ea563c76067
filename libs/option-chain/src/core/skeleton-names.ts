import type { InstrumentToken } from '@strikewire/broker';
import { optionKey, type ContractKey } from '@strikewire/contracts';
import type { Skeleton, SkeletonLeg } from './skeleton';

/**
 * The same skeleton under another broker's tokens; strikes and all else stay as they are. Undefined
 * while one of them is not known: what is half of one broker and half of another would be no one's.
 */
export function renameSkeleton(
  skeleton: Skeleton,
  broker: string,
  tokenOf: (key: ContractKey) => InstrumentToken | undefined,
): Skeleton | undefined {
  let isWhole = true;
  const renamed = (leg: SkeletonLeg, strikePaise: number, type: 'CE' | 'PE'): SkeletonLeg => {
    const token = isWhole ? tokenOf(optionKey({ ...skeleton, strikePaise, type })) : undefined;
    if (!token) isWhole = false;
    return token ? { ...leg, token } : leg;
  };
  const strikes = skeleton.strikes.map(({ strikePaise, CE, PE }) => ({
    strikePaise,
    CE: renamed(CE, strikePaise, 'CE'),
    PE: renamed(PE, strikePaise, 'PE'),
  }));
  return isWhole ? { ...skeleton, broker, strikes } : undefined;
}
