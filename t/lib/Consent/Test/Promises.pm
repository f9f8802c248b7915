package Consent::Test::Promises;

# Citizens who decide as fast as they are answered, whatever becomes of nginx,
# and write down what was acknowledged; and the comparison of that with what
# the store says in the end.
#
#   my $p = Consent::Test::Promises->new($t, clients => 4, levels => [...]);
#   $p->start;
#   ... kill, fill, fail ...
#   $p->stop;
#   my @faults = $p->faults;            # none: all is there, in order, once
#   $p->acknowledged                    # how many decisions

use strict;
use warnings;

use Time::HiRes qw(sleep);


sub new {
    my ($class, $t, %o) = @_;

    return bless { t => $t, clients => 4, levels => [qw(contact needed forms)], pids => [], %o }, $class;
}


sub file { return $_[0]{t}->path("promises.$_[1]") }


sub start {
    my ($self) = @_;

    for my $n (1 .. $self->{clients}) {
        push @{$self->{pids}}, $self->{t}->daemon(sub { $self->decide_on($n) });
    }
}


# Ends them between two requests: what they are told last, they write down.
sub stop {
    my ($self) = @_;

    kill 'TERM', @{$self->{pids}};
    waitpid $_, 0 for @{$self->{pids}};
    my %gone = map { ($_ => 1) } @{$self->{pids}};
    $self->{t}{daemons} = [grep { !$gone{$_} } @{$self->{t}{daemons}}];
    $self->{pids} = [];
}


sub decide_on {
    my ($self, $n) = @_;

    my $t = $self->{t};
    my ($cookie, $client, $leaving) = ('');
    my @levels = @{$self->{levels}};

    local $SIG{TERM} = sub { $leaving = 1 };
    srand $n;
    # who was here before comes back as herself
    if (open my $f, '<', $self->file($n) . '.cookie') {
        $cookie = <$f>;
    }

    open my $out, '>>', $self->file($n) or die;
    $out->autoflush(1);

    for (my $i = 0; !$leaving; $i++) {
        my $r = eval {
            $client //= $t->connect;
            $client->request('PUT', '/.privacy/api/v1/state',
                json => { policy_version => $self->{version}, level => $levels[$i % @levels], scope => 'standing' },
                length $cookie ? (cookie => "consent=$cookie") : ());
        };

        if (!$r || !$r->status) {
            $client = undef;
            sleep 0.005;
            next;
        }

        my $state = $r->status == 200 ? $r->json : undef;
        my $set = $r->cookie('consent');

        print $out $r->status == 200 ? "$state->{receipt} $state->{level}\n" : '- ' . $r->status . "\n";

        # the first answer makes her known: she decides as herself from then on
        if ($state && defined $set) {
            $cookie = $set;
            for my $name ('cookie', -e $self->file($n) . '.first' ? () : 'first') {
                open my $f, '>', $self->file($n) . ".$name" or die;
                print $f $cookie;
                close $f;
            }
        }

        sleep 0.002 if $r->status != 200;
        sleep $self->{pause} if $self->{pause};
    }
}


# [receipt, level] of each acknowledged decision of a citizen, in order.
sub promised {
    my ($self, $n) = @_;

    open my $f, '<', $self->file($n) or return;

    return map { /^([0-9a-f]{32}) (\S+)\n/ ? [$1, $2] : () } <$f>;
}


sub cookie {
    my ($self, $n, $name) = @_;

    open my $f, '<', $self->file($n) . '.' . ($name // 'cookie') or die;

    return 'consent=' . <$f>;
}


# What a node's store says is in force of each: her first cookie knows no better.
sub states {
    my ($self, $node) = @_;

    return map {
        my $r = $node->get('/.privacy/api/v1/state', cookie => $self->cookie($_, 'first'), headers => [Accept => 'application/json']);
        my $state = $r->status == 200 ? $r->json : {};
        ($state->{receipt} // 'none') . '=' . ($state->{level} // 'none');
    } 1 .. $self->{clients};
}


# How often another answer was given, by status.
sub refused {
    my ($self) = @_;

    my %by;

    for my $n (1 .. $self->{clients}) {
        open my $f, '<', $self->file($n) or next;
        /^- (\d+)/ and $by{$1}++ for <$f>;
    }

    return \%by;
}


sub acknowledged {
    my ($self) = @_;

    my $sum = 0;
    $sum += () = $self->promised($_) for 1 .. $self->{clients};

    return $sum;
}


# Her history holds what she was promised, in that order and once; of what was not acknowledged it may hold some. (It
# keeps the newest 500.) nginx runs; another node than where they decided may be asked.
sub faults {
    my ($self, $node) = @_;

    my @faults;

    $node //= $self->{t};

    for my $n (1 .. $self->{clients}) {
        my @promised = $self->promised($n) or next;
        my $cookie = $self->cookie($n);
        my $r = $node->get('/.privacy/api/v1/history', cookie => $cookie);
        my $decisions = $r->status == 200 ? $r->json->{decisions} : [];
        my @kept = map { $_->{receipt} } reverse @$decisions;
        my %seen;

        push @faults, map { "$n: $_ is there twice" } grep { $seen{$_}++ } @kept;

        if (@kept < 500) {
            push @faults, map { "$n: $_->[0] was acknowledged and is lost" } grep { !$seen{$_->[0]} } @promised;

        } else {
            # the oldest of them begin somewhere in what was promised
            my ($first) = grep { $seen{$promised[$_][0]} } 0 .. $#promised;
            push @faults, "$n: the last is lost" if !defined $first || !$seen{$promised[-1][0]};
            push @faults, map { "$n: $_->[0] was acknowledged and is lost" }
                grep { !$seen{$_->[0]} } @promised[($first // 0) .. $#promised];
        }

        my %place = map { ($kept[$_] => $_) } 0 .. $#kept;
        my @places = map { $place{$_->[0]} // () } @promised;
        push @faults, "$n: not in the order they were taken" if grep { $places[$_] <= $places[$_ - 1] } 1 .. $#places;
    }

    return @faults;
}


1;
