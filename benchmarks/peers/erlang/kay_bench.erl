%% SPDX-License-Identifier: MIT
%%
%% The same work done by Erlang's processes. main([Filter]) runs what matches the regular
%% expression, if anything does, and prints one JSON object a line; nanoseconds are for each item,
%% as kay's rows say.
%% Every row is warmed up once, repeated five times, and halts with 1 when its checksum is wrong.
%% Schedulers are set from outside: erl +S 2:2.
-module(kay_bench).
-export([main/1]).

-define(REPETITIONS, 5).

main(Arguments) ->
    Filter = case Arguments of [] -> "."; [First | _] -> First end,
    Wanted = [Row || {Name, _} = Row <- rows(), re:run(Name ++ "/erlang", Filter) =/= nomatch],
    Good = [run(Name, Make) || {Name, Make} <- Wanted],
    halt(case lists:all(fun(G) -> G end, Good) of true -> 0; false -> 1 end).

%% A row makes its processes and returns {Items, Expected, Round, Processes}: Round() does so many
%% items of work and returns a checksum, or {Checksum, Nanoseconds} where not all of it is measured.
rows() ->
    [{"broadcast/100k", fun() -> broadcast(100000) end},
     {"hop/1k", fun() -> hop(1000, 50) end},
     {"hop/100k", fun() -> hop(100000, 20) end},
     {"count/1", fun() -> count(1) end},
     {"count/8", fun() -> count(8) end},
     {"pingpong/same", fun() -> pingpong(200000) end},
     {"create/100k", fun() -> create(100000) end},
     {"savina/thread_ring", fun() -> thread_ring(100, 100000) end},
     {"savina/chameneos", fun() -> chameneos(100, 200000) end},
     {"savina/big", fun() -> big(120, 20000) end},
     {"savina/fork_join_create", fun() -> fork_join_create(40000) end},
     {"savina/fork_join_throughput", fun() -> fork_join_throughput(60, 10000) end},
     {"savina/bank_transaction", fun() -> bank_transaction(1000, 50000) end},
     {"savina/concurrent_dictionary", fun() -> concurrent_dictionary(20, 10000) end}].

run(Name, Make) ->
    {Items, Expected, Round, Processes} = Make(),
    [_ | Results] = [measure(Round) || _ <- lists:seq(0, ?REPETITIONS)],
    stop(Processes),
    Times = lists:sort([Time / Items || {_, Time} <- Results]),
    case lists:usort([Checksum || {Checksum, _} <- Results]) of
        [Expected] ->
            io:format("{\"name\": \"~s\", \"impl\": \"erlang\", \"workers\": ~b, "
                      "\"median_ns\": ~.2f, \"best_ns\": ~.2f, \"checksum\": ~b}~n",
                      [Name, erlang:system_info(schedulers_online),
                       lists:nth(?REPETITIONS div 2 + 1, Times), hd(Times), Expected]),
            true;
        Wrong ->
            io:format(standard_error, "~s: checksum ~p instead of ~b~n", [Name, Wrong, Expected]),
            false
    end.

measure(Round) ->
    case timed(Round) of
        {{Checksum, Measured}, _} -> {Checksum, Measured};
        All -> All
    end.

%% What F returns, and how long it took.
timed(F) ->
    Begin = erlang:monotonic_time(nanosecond),
    Result = F(),
    {Result, erlang:monotonic_time(nanosecond) - Begin}.

spawn_many(Count, F) -> [spawn_link(fun() -> F(I) end) || I <- lists:seq(1, Count)].

%% Returns when they are gone.
stop(Processes) ->
    [begin unlink(P), exit(P, kill) end || P <- Processes],
    [receive {'DOWN', M, process, _, _} -> ok end
     || M <- [monitor(process, P) || P <- Processes]],
    ok.

%% Waits for so many times {done, Value}; the sum of the values.
gather(Count) -> gather(Count, 0).
gather(0, Sum) -> Sum;
gather(Left, Sum) -> receive {done, Value} -> gather(Left - 1, Sum + Value) end.

%% Waits until a counter has its value.
await(Counter, Value) ->
    case counters:get(Counter, 1) of
        Value -> ok;
        _ -> receive after 1 -> await(Counter, Value) end
    end.

%% xorshift32 (Marsaglia, 2003): its numbers stay small integers.
next_value(V0) ->
    V1 = (V0 bxor (V0 bsl 13)) band 16#ffffffff,
    V2 = V1 bxor (V1 bsr 17),
    (V2 bxor (V2 bsl 5)) band 16#ffffffff.

%% Who is told counts in a counter of its scheduler: nobody answers.
broadcast(Count) ->
    Moved = counters:new(1, [write_concurrency]),
    V = {1.0, 2.0, 3.0},
    Cells = spawn_many(Count, fun(_) -> cell({0.0, 0.0, 0.0}, V, 0, Moved) end),
    Round = fun() ->
        Before = counters:get(Moved, 1),
        [Cell ! {tick, 0.125} || Cell <- Cells],
        await(Moved, Before + Count),
        counters:get(Moved, 1) - Before
    end,
    {Count, Count, Round, Cells}.

cell({X, Y, Z}, {VX, VY, VZ} = V, Ticks, Moved) ->
    receive
        {tick, Dt} ->
            counters:add(Moved, 1, 1),
            cell({X + VX * Dt, Y + VY * Dt, Z + VZ * Dt}, V, Ticks + 1, Moved)
    end.

%% The first messages, one for each process, are measured too: a little more than kay's row does.
hop(Count, Hops) ->
    Main = self(),
    Cells = spawn_many(Count, fun(_) -> hopper(0, Count, Main) end),
    persistent_term:put(hoppers, list_to_tuple(Cells)),
    Round = fun() ->
        {_, Time} = timed(fun() ->
            lists:foldl(fun(Cell, Seed) ->
                Cell ! {hop, Hops - 1, 1, Seed},
                next_value(Seed)
            end, 88172645, Cells),
            gather(Count)
        end),
        [Cell ! tell_ticks || Cell <- Cells],
        {gather(Count), Time}
    end,
    {Count * Hops, Count * Hops, Round, Cells}.

hopper(Ticks, Count, Main) ->
    receive
        {hop, 0, From, _} ->
            Main ! {done, 0},
            hopper(Ticks + From, Count, Main);
        {hop, Hops, From, Value} ->
            Next = next_value(Value),
            To = element(Next rem Count + 1, persistent_term:get(hoppers)),
            To ! {hop, Hops - 1, 1, Next},
            hopper(Ticks + From, Count, Main);
        tell_ticks ->
            Main ! {done, Ticks},
            hopper(0, Count, Main)
    end.

count(Producers) ->
    Main = self(),
    Messages = 1000000,
    Each = Messages div Producers,
    Sum = spawn_link(fun() -> summer(0, Messages, Messages, Main) end),
    Bursters = spawn_many(Producers, fun(_) -> burster(Sum) end),
    Round = fun() ->
        [B ! {burst, Each} || B <- Bursters],
        gather(1)
    end,
    {Messages, Producers * (Each * (Each - 1) div 2), Round, [Sum | Bursters]}.

summer(Sum, 0, Messages, Main) ->
    Main ! {done, Sum},
    summer(0, Messages, Messages, Main);
summer(Sum, Left, Messages, Main) ->
    receive {value, Value, _} -> summer(Sum + Value, Left - 1, Messages, Main) end.

burster(To) ->
    receive {burst, Count} -> burst(To, 0, Count) end,
    burster(To).
burst(_, Count, Count) -> ok;
burst(To, I, Count) -> To ! {value, I, 0}, burst(To, I + 1, Count).

pingpong(Messages) ->
    Main = self(),
    Players = spawn_many(2, fun(_) -> receive {other, P} -> player(P, 0, Main) end end),
    [First, Second] = Players,
    First ! {other, Second},
    Second ! {other, First},
    Round = fun() ->
        First ! {ping, Messages - 1, 0},
        gather(1),
        [P ! tell_heard || P <- Players],
        gather(2)
    end,
    {Messages, Messages, Round, Players}.

player(Other, Heard, Main) ->
    receive
        {ping, 0, _} -> Main ! {done, 0}, player(Other, Heard + 1, Main);
        {ping, Left, N} -> Other ! {ping, Left - 1, N + 1}, player(Other, Heard + 1, Main);
        tell_heard -> Main ! {done, Heard}, player(Other, 0, Main)
    end.

%% Spawned by 16 processes; measured until each has begun.
create(Count) ->
    Main = self(),
    Begun = counters:new(1, [write_concurrency]),
    V = {1.0, 2.0, 3.0},
    Cell = fun() -> counters:add(Begun, 1, 1), cell({0.0, 0.0, 0.0}, V, 0, Begun) end,
    Makers = spawn_many(16, fun(_) -> maker(Cell, Main) end),
    Round = fun() ->
        Before = counters:get(Begun, 1),
        {Made, Time} = timed(fun() ->
            [M ! {make, Count div 16} || M <- Makers],
            All = lists:append([receive {made, Some} -> Some end || _ <- Makers]),
            await(Begun, Before + Count),
            All
        end),
        stop(Made),
        {length(Made), Time}
    end,
    {Count, Count, Round, Makers}.

maker(Cell, Main) ->
    receive {make, Count} -> Main ! {made, [spawn(Cell) || _ <- lists:seq(1, Count)]} end,
    maker(Cell, Main).

thread_ring(Count, Hops) ->
    Main = self(),
    Ring = spawn_many(Count, fun(_) -> receive {next, P} -> ring(P, 0, Main) end end),
    [P ! {next, Next} || {P, Next} <- lists:zip(Ring, tl(Ring) ++ [hd(Ring)])],
    Round = fun() ->
        hd(Ring) ! {token, Hops - 1},
        gather(1),
        [P ! tell_seen || P <- Ring],
        gather(Count)
    end,
    {Hops, Hops, Round, Ring}.

ring(Next, Seen, Main) ->
    receive
        {token, 0} -> Main ! {done, 0}, ring(Next, Seen + 1, Main);
        {token, Left} -> Next ! {token, Left - 1}, ring(Next, Seen + 1, Main);
        tell_seen -> Main ! {done, Seen}, ring(Next, 0, Main)
    end.

chameneos(Count, Meetings) ->
    Main = self(),
    Mall = spawn_link(fun() -> mall(0, none, Main) end),
    Creatures = spawn_many(Count, fun(I) -> creature(Mall, I rem 3, 0) end),
    Round = fun() ->
        Mall ! {open, Meetings},
        [C ! open || C <- Creatures],
        gather(Count)
    end,
    {Meetings, 2 * Meetings, Round, [Mall | Creatures]}.

mall(Left, Waiting, Main) ->
    receive
        {meet, Who, _} when Left =:= 0 -> Who ! closed, mall(Left, Waiting, Main);
        {meet, Who, _} when Waiting =:= none -> mall(Left, Who, Main);
        {meet, _, _} = Meet -> Waiting ! Meet, mall(Left - 1, none, Main);
        {met, Times} -> Main ! {done, Times}, mall(Left, Waiting, Main);
        {open, Meetings} -> mall(Meetings, none, Main)
    end.

creature(Mall, Color, Times) ->
    receive
        {meet, Who, Other} ->
            Both = complement(Color, Other),
            Who ! {change, Both},
            Mall ! {meet, self(), Both},
            creature(Mall, Both, Times + 1);
        {change, To} ->
            Mall ! {meet, self(), To},
            creature(Mall, To, Times + 1);
        open ->
            Mall ! {meet, self(), Color},
            creature(Mall, Color, Times);
        closed ->
            Mall ! {met, Times},
            creature(Mall, Color, 0)
    end.

complement(Same, Same) -> Same;
complement(Mine, Other) -> 3 - Mine - Other.

big(Count, Pings) ->
    Main = self(),
    Players = spawn_many(Count, fun(I) ->
        receive {all, All} -> pinger(All, Pings, I, none, 0, 0, Main) end
    end),
    All = list_to_tuple(Players),
    [P ! {all, All} || P <- Players],
    Round = fun() ->
        [P ! start || P <- Players],
        gather(Count)
    end,
    {2 * Count * Pings, Count * Pings, Round, Players}.

%% Asked is who was pinged last; Right counts the pongs that came from there.
pinger(All, Pings, Random, Asked, Left, Right, Main) ->
    receive
        {ping, From} ->
            From ! {pong, self()},
            pinger(All, Pings, Random, Asked, Left, Right, Main);
        {pong, Asked} when Left =:= 0 ->
            Main ! {done, Right + 1},
            pinger(All, Pings, Random, none, 0, 0, Main);
        {pong, Asked} ->
            {To, Next} = ping_someone(All, Random),
            pinger(All, Pings, Next, To, Left - 1, Right + 1, Main);
        start ->
            {To, Next} = ping_someone(All, Random),
            pinger(All, Pings, Next, To, Pings - 1, 0, Main)
    end.

ping_someone(All, Random) ->
    Next = next_value(Random),
    To = element(Next rem tuple_size(All) + 1, All),
    To ! {ping, self()},
    {To, Next}.

%% The suite's own work for each message. One if it went well.
compute() ->
    Sine = math:sin(37.2),
    case Sine * Sine >= 0 of true -> 1; false -> 0 end.

fork_join_create(Count) ->
    Computed = counters:new(1, [write_concurrency]),
    Fork = fun() -> receive compute -> counters:add(Computed, 1, compute()) end end,
    Round = fun() ->
        Before = counters:get(Computed, 1),
        [spawn(Fork) ! compute || _ <- lists:seq(1, Count)],
        await(Computed, Before + Count),
        counters:get(Computed, 1) - Before
    end,
    {Count, Count, Round, []}.

fork_join_throughput(Count, Messages) ->
    Main = self(),
    Workers = spawn_many(Count, fun(_) -> worker(0, Messages, Messages, Main) end),
    Round = fun() ->
        [W ! compute || _ <- lists:seq(1, Messages), W <- Workers],
        gather(Count)
    end,
    {Count * Messages, Count * Messages, Round, Workers}.

worker(Computed, 0, Messages, Main) ->
    Main ! {done, Computed},
    worker(0, Messages, Messages, Main);
worker(Computed, Left, Messages, Main) ->
    receive compute -> worker(Computed + compute(), Left - 1, Messages, Main) end.

%% The main process is the teller. Balances are kept between rounds and add up to nothing.
bank_transaction(Count, Transactions) ->
    Main = self(),
    Accounts = spawn_many(Count, fun(_) -> account(0, Main) end),
    All = list_to_tuple(Accounts),
    Round = fun() ->
        {_, Time} = timed(fun() ->
            order_transactions(Transactions, 88172645, All),
            gather(Transactions)
        end),
        [A ! tell_balance || A <- Accounts],
        {Transactions + gather(Count), Time}
    end,
    {Transactions, Transactions, Round, Accounts}.

%% The target's number is above the source's, so that they never wait in a circle.
order_transactions(0, _, _) -> ok;
order_transactions(Left, Random, All) ->
    V1 = next_value(Random),
    V2 = next_value(V1),
    V3 = next_value(V2),
    Count = tuple_size(All),
    Source = V1 rem (Count div 10 * 8),
    Target = Source + max(1, V2 rem (Count - Source)),
    element(Source + 1, All) ! {credit, element(Target + 1, All), V3 rem 1000},
    order_transactions(Left - 1, V3, All).

%% The source waits for the target's answer before it takes anything else.
account(Balance, Teller) ->
    receive
        {credit, Target, Amount} ->
            Reference = make_ref(),
            Target ! {debit, self(), Reference, Amount},
            receive {reply, Reference} -> Teller ! {done, 0} end,
            account(Balance - Amount, Teller);
        {debit, Source, Reference, Amount} ->
            Source ! {reply, Reference},
            account(Balance + Amount, Teller);
        tell_balance ->
            Teller ! {done, Balance},
            account(Balance, Teller)
    end.

-define(ENTRIES, 524287).

%% The entries are in a table of the one process. A value is its key, or that and a multiple of the
%% number of entries, so that every answer can be checked.
concurrent_dictionary(Count, Requests) ->
    Main = self(),
    Dictionary = spawn_link(fun() ->
        Table = ets:new(entries, [private]),
        ets:insert(Table, [{Key, Key} || Key <- lists:seq(0, ?ENTRIES - 1)]),
        dictionary(Table)
    end),
    Askers = spawn_many(Count, fun(I) -> asker(Dictionary, I, Requests, Main) end),
    Round = fun() ->
        [A ! start || A <- Askers],
        gather(Count)
    end,
    {Count * Requests, Count * Requests, Round, [Dictionary | Askers]}.

dictionary(Table) ->
    receive
        {read, From, Key} ->
            From ! {answer, ets:lookup_element(Table, Key, 2)},
            dictionary(Table);
        {write, From, Key, Value} ->
            ets:insert(Table, {Key, Value}),
            From ! {answer, Value},
            dictionary(Table)
    end.

asker(Dictionary, Random, Requests, Main) ->
    receive start -> ok end,
    {Next, Right} = ask(Dictionary, Random, Requests, 0),
    Main ! {done, Right},
    asker(Dictionary, Next, Requests, Main).

%% Right counts the answers that belong to what was asked.
ask(_, Random, 0, Right) -> {Random, Right};
ask(Dictionary, Random, Left, Right) ->
    V1 = next_value(Random),
    V2 = next_value(V1),
    Key = V2 rem ?ENTRIES,
    case V1 rem 100 < 10 of
        true -> Dictionary ! {write, self(), Key, Key + ?ENTRIES * (1 + V2 band 255)};
        false -> Dictionary ! {read, self(), Key}
    end,
    receive
        {answer, Value} when Value rem ?ENTRIES =:= Key -> ask(Dictionary, V2, Left - 1, Right + 1);
        {answer, _} -> ask(Dictionary, V2, Left - 1, Right)
    end.
